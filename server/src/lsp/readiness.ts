import { type CancellationToken, type Connection, type InitializeParams, ResponseError } from 'vscode-languageserver';
import { withSqlParser } from '../sql/postgresql/parser-source.ts';
import { ParserDiedError } from '../syntax/parser.ts';
import type { ServerHost } from './host.ts';
import { detailsOf, type Running, startRunning } from './running.ts';

/** The parser loads while the client already talks: what arrives before it is there is handled in order afterwards. */
export interface Readiness {
  start(params: InitializeParams): void;
  /** At once when the server runs. What throws is logged: nobody waits for an answer. */
  whenRunning(what: string, work: (running: Running) => void): void;
  /**
   * A handler that always answers: with `fallback` when the work throws, or with the error where that is undefined.
   */
  answering<P, R>(
    what: string,
    work: (running: Running, params: P, cancellation: CancellationToken) => R | Promise<R>,
    fallback?: R,
  ): (params: P, cancellation: CancellationToken) => Promise<R>;
}

export function startReadiness(connection: Connection, host: ServerHost): Readiness {
  let current: Running | undefined;
  let settle: { resolve(running: Running): void; reject(error: unknown): void };
  const running = new Promise<Running>((resolve, reject) => {
    settle = { resolve, reject };
  });
  running.catch((error) => fail('start', error));

  /** After the parser died, nothing in this process can be parsed: the client has to start another one. */
  const fail = (what: string, error: unknown): void => {
    connection.console.error(`${what}: ${detailsOf(error)}`);
    if (error instanceof ParserDiedError) host.die();
  };
  const guard = (what: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      fail(what, error);
    }
  };
  return {
    start(params) {
      host.loadParser(params.initializationOptions ?? {}).then(
        (parser) => {
          current = startRunning({ connection, host, parser, params, guard });
          settle.resolve(current);
        },
        (cause) => settle.reject(new ParserDiedError('The Python parser could not be loaded.', { cause })),
      );
    },
    whenRunning(what, work) {
      if (current !== undefined) guard(what, () => current !== undefined && work(current));
      else
        running.then(
          (ready) => guard(what, () => work(ready)),
          () => undefined,
        );
    },
    answering: (what, work, fallback) => async (params, cancellation) => {
      try {
        const ready = await running;
        return await withSqlParser(() => work(ready, params, cancellation));
      } catch (error) {
        if (error instanceof ResponseError) throw error;
        fail(what, error);
        if (fallback === undefined) throw error;
        return fallback;
      }
    },
  };
}
