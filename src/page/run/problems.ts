import {
  DeviceLostError,
  LimitError,
  NonFiniteError,
  OutOfMemoryError,
  PlanError,
  ShaderError,
  UnsupportedError,
} from '../../index.ts';
import type { Problem } from './protocol.ts';

/**
 * The kind of an error, for which the page has a sentence. The error itself goes to the console.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof NonFiniteError) return { kind: 'diverged', step: error.step };
  if (error instanceof DeviceLostError) return { kind: 'lost' };
  if (error instanceof OutOfMemoryError || error instanceof LimitError) return { kind: 'memory' };
  if (error instanceof PlanError) return { kind: 'plan', detail: error.message };
  // Double precision is the only thing the page asks for that a device may lack.
  if (error instanceof UnsupportedError) {
    console.info(error.message);
    return { kind: 'unsupported' };
  }
  console.error(error);
  return { kind: error instanceof ShaderError ? 'shader' : 'unknown' };
}
