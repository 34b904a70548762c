/** Colors for a terminal, or none. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  cyan(text: string): string;
}

const plain = (text: string): string => text;
export const plainStyle: Style = { bold: plain, dim: plain, red: plain, yellow: plain, blue: plain, cyan: plain };

const colored = (open: number, close: number) => (text: string) => `\u001B[${open}m${text}\u001B[${close}m`;
const terminalStyle: Style = {
  bold: colored(1, 22),
  dim: colored(2, 22),
  red: colored(31, 39),
  yellow: colored(33, 39),
  blue: colored(34, 39),
  cyan: colored(36, 39),
};

/** Colors on a terminal only, and not where NO_COLOR (https://no-color.org) or a dumb terminal forbids them. */
export function styleFor(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): Style {
  const isForbidden = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  return stream.isTTY === true && !isForbidden ? terminalStyle : plainStyle;
}
