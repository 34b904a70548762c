import type { Random } from './random.ts';
import type { ServerProcess } from './server-process.ts';

/** One change of a document, as somebody types it. */
interface Keystroke {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const operation = `        migrations.AddField(
            model_name="defaultorder",
            name="typed",
            field=models.TextField(null=True),
        ),
`;

/** Typing as it happens: a new operation letter by letter, words in strings and names, brackets opened and taken back. */
export function* keystrokes(server: ServerProcess, random: Random, count: number): Generator<Keystroke> {
  for (let done = 0; done < count; ) {
    for (const stroke of random.chance(0.2) ? newOperation(server, random) : smallEdit(server, random)) {
      yield stroke;
      if (++done >= count) return;
    }
  }
}

/** Types an operation in front of another, and takes it away at once. */
function* newOperation(server: ServerProcess, random: Random): Generator<Keystroke> {
  const start = placeBefore(server.text(), /^ {8}(?=migrations\.)/gm, random);
  let offset = start;
  for (const letter of operation) {
    yield { start: offset, end: offset, text: letter };
    offset++;
  }
  yield { start, end: offset, text: '' };
}

/** Types something at a place, and takes it back letter by letter. */
function* smallEdit(server: ServerProcess, random: Random): Generator<Keystroke> {
  const [places, typed] = random.pick([
    [/(?<=name="\w*)\w+(?=")/g, 'extra'],
    [/(?<=models\.)[A-Z]\w+(?=\()/g, 'My'],
    [/(?<=\()(?=[\w"])/g, '('],
    [/(?<=migrations\.)(?=[A-Z])/g, 'Ad'],
    [/(?<=max_length=)\d/g, '1'],
    [/(?<=null=)True/g, 'not '],
  ] as const);
  const start = placeBefore(server.text(), places, random);
  for (let index = 0; index < typed.length; index++) {
    yield { start: start + index, end: start + index, text: typed.charAt(index) };
  }
  for (let index = typed.length; index > 0; index--) {
    yield { start: start + index - 1, end: start + index, text: '' };
  }
}

function placeBefore(text: string, pattern: RegExp, random: Random): number {
  const places = Array.from(text.matchAll(pattern), ({ index }) => index);
  return random.pick(places);
}
