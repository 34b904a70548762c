/** Loaded by the test page. Talks to a worker as an editor talks to a language server. */

/** Sends messages to a new worker and gives what it sends back, until `enough` messages with those names have come. */
globalThis.talkToWorker = (url, messages, awaited) =>
  new Promise((done, fail) => {
    const worker = new Worker(url);
    const received = {};
    worker.onerror = (event) => fail(new Error(`the worker died: ${event.message}`));
    worker.onmessage = ({ data }) => {
      received[data.method ?? data.id] = data.params ?? data.result ?? data.error;
      if (awaited.some((name) => !(name in received))) return;
      worker.terminate();
      done(received);
    };
    for (const message of messages) worker.postMessage({ jsonrpc: '2.0', ...message });
  });
