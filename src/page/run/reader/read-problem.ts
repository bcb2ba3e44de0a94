import { LimitError, OptionError, OutOfMemoryError } from '../../../index.ts';
import { FileError } from '../../../tables/index.ts';
import type { Choice, ReadProblem } from './protocol.ts';

/** More classes than the page shows. */
export class TooManyClasses extends Error {
  readonly classes: number;

  constructor(classes: number) {
    super(`${classes} classes`);
    this.classes = classes;
  }
}

/** The problem of an error, for which the page has sentences. Errors that are none of ours go to the console. */
export function readProblem(error: unknown): ReadProblem {
  if (error instanceof FileError) {
    const { line, record, column, value, message } = error;
    return { kind: 'table', line, record, column, value, detail: message };
  }
  if (error instanceof TooManyClasses) return { kind: 'classes', value: String(error.classes) };
  if (error instanceof OutOfMemoryError || error instanceof LimitError) return { kind: 'memory' };
  // An array that is larger than the browser has memory for.
  if (error instanceof RangeError) return { kind: 'memory', detail: error.message };
  if (error instanceof DOMException && ['NotReadableError', 'NotFoundError'].includes(error.name))
    return { kind: 'unreadable' };
  console.error(error);
  return { kind: 'unknown' };
}

/** The problem of an error that a choice led to, so that the advice fits what was chosen. */
export function choiceProblem(error: unknown, task: Choice['task']): ReadProblem {
  if (!(error instanceof OptionError)) return readProblem(error);
  const { option, message: detail } = error;
  if (option.startsWith('features')) return { kind: 'features', detail };
  if (option === 'missing') return { kind: 'gaps', detail };
  return { kind: task === 'values' ? 'values' : 'label', detail };
}
