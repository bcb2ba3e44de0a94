import { oneOf } from '../../checks/schema.ts';
import { checkRun } from './check.ts';
import { spiralnetScript } from './javascript/script.ts';
import { numpyScript } from './python/numpy.ts';
import { pytorchScript } from './python/pytorch.ts';
import type { CodeLanguage, CodeRun } from './types.ts';

/**
 * A script that repeats a run: it makes or loads the same data, starts from the same weights and prints
 * the same losses.
 */
export function exportCode(run: CodeRun, language: CodeLanguage): string {
  const script = { numpy: numpyScript, pytorch: pytorchScript, spiralnet: spiralnetScript };
  return script[oneOf('numpy', 'pytorch', 'spiralnet')(language, 'language')](checkRun(run));
}
