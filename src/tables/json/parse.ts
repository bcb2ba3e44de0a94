import { FileError } from '../../errors.ts';

/**
 * Parses JSON, or lines of JSON.
 * @throws {FileError} with the line of the fault, where the engine tells it
 */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const lines = text.split(/\r\n|\n|\r/);
    const filled = lines.map((line, i) => ({ line, number: i + 1 })).filter(({ line }) => line.trim() !== '');
    const isLine = (line: string) => /^\s*[[{].*[\]}]\s*$/.test(line);
    if (filled.length === 0) throw wrong(what, 'nothing', {});
    if (filled.length > 1 && filled.every(({ line }) => isLine(line)))
      return filled.map(({ line, number }) => {
        try {
          return JSON.parse(line);
        } catch (fault) {
          throw wrong(what, `a fault (${messageOf(fault)})`, { line: number, value: line.slice(0, 80) });
        }
      });
    // Engines tell the place in words of their own: `position 12`, or `line 1 column 13`.
    const message = messageOf(error);
    const position = /position (\d+)/.exec(message)?.[1];
    const line = position
      ? text.slice(0, Number(position)).split(/\r\n|\n|\r/).length
      : Number(/line (\d+)/.exec(message)?.[1] ?? Number.NaN);
    throw wrong(what, `a fault (${message})`, Number.isNaN(line) ? {} : { line });
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function wrong(what: string, got: string, place: { line?: number; value?: string }): FileError {
  return new FileError(what, 'JSON', undefined, place, got, 'Check that it is the right file, and whole.');
}
