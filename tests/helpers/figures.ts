/** Prints something measured, where the caller has asked for it with ACCURACY=1. */
export function showFigure(text: string): void {
  if (process.env.ACCURACY) console.log(text);
}
