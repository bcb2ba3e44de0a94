import type { Measured } from '../settings/network.ts';
import { isRegression, type Settings } from '../settings/settings.ts';
import { texts } from '../texts/texts.ts';
import { formatPercent, withMinus } from './format.ts';

/** The names of how well a network does: accuracy, or r² of a regression. */
export function scoreNames(settings: Pick<Settings, 'shape' | 'table'>): { train: string; test: string } {
  const { accuracy, testAccuracy, r2, testR2 } = texts.value.bar.figures;
  return isRegression(settings) ? { train: r2, test: testR2 } : { train: accuracy, test: testAccuracy };
}

/** How well a network does, in few characters even where r² is far below 0. */
export function formatScore({ accuracy = 0, r2 }: Measured): string {
  if (r2 === undefined) return formatPercent(accuracy);
  if (r2 > -10) return withMinus(r2.toFixed(4));
  return withMinus(r2 > -1000 ? r2.toFixed(1) : r2.toExponential(1).replace('+', ''));
}
