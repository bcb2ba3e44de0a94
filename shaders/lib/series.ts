/** 1/n! from n = first to n = last. */
export function inverseFactorials(first: number, last: number): number[] {
  const factorials = [1];
  for (let n = 1; n <= last; n++) factorials.push(n * factorials[n - 1]);
  return factorials.slice(first).map((factorial) => 1 / factorial);
}

/** Σ coefficients[i]·x^i in f32, for the last terms of a series. */
export function polynomial(x: string, coefficients: number[]): string {
  return coefficients.map((c) => `${c}f`).reduceRight((rest, c) => `${c} + ${x} * (${rest})`);
}
