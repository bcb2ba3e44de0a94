/** Prints a measured figure if the environment has ACCURACY=1. */
export function showFigure(text: string): void {
  if (process.env.ACCURACY) console.log(text);
}
