import {
  DeviceLostError,
  LimitError,
  NonFiniteError,
  OutOfMemoryError,
  ShaderError,
  UnsupportedError,
} from '../index.ts';
import type { Problem } from './protocol.ts';

/** What to tell a person about an error. What it is in the program's words goes to the console. */
export function describeProblem(error: unknown): Problem {
  const kept = 'The curve and the printout so far are kept.';
  if (error instanceof NonFiniteError) {
    return {
      happened: `Training diverged at step ${error.step}: a weight or bias is no longer a finite number.`,
      kept,
      advice: 'Rewind to go back to the initial weights.',
    };
  }
  if (error instanceof DeviceLostError) {
    return {
      happened: 'The browser lost the GPU, as happens when the computer sleeps or its driver restarts.',
      kept,
      advice: 'Rewind to train from the initial weights again; if that fails, reload the page.',
    };
  }
  if (error instanceof OutOfMemoryError || error instanceof LimitError) {
    return {
      happened: 'The GPU has not enough memory left for this network.',
      kept,
      advice: 'Close other pages that use the GPU, then rewind.',
    };
  }
  // The page asks for nothing else that a device may lack.
  if (error instanceof UnsupportedError) {
    console.info(error.message);
    return {
      happened: 'This GPU or its driver does not compute in double precision as WebGPU prescribes.',
      kept: 'Nothing is lost: runs in single precision stay as they are.',
      advice: 'Choose single precision.',
    };
  }
  console.error(error);
  if (error instanceof ShaderError) {
    return {
      happened: 'The GPU refused what this page asked of it, which is a fault of this page.',
      kept,
      advice: 'Update the browser and the graphics driver; please report it if that does not help.',
    };
  }
  return {
    happened: 'Training stopped for a reason that this page does not know.',
    kept,
    advice: 'Rewind, or reload the page; please report it if it happens again.',
  };
}

/** The worker could not be loaded, or threw where nothing should. */
export const WORKER_FAILED: Problem = {
  happened: 'The part of this page that trains could not start or has stopped.',
  kept: 'What was drawn until then stays.',
  advice: 'Reload the page; please report it if it happens again.',
};
