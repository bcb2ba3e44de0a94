/** The longest delay of a timer, in milliseconds; a timer with a longer delay fires at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Calls `act` after some milliseconds, also after more than a timer can wait.
 * @returns a function that cancels the call
 */
export function after(milliseconds: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = (left: number) => {
    timer = left > LONGEST ? setTimeout(wait, LONGEST, left - LONGEST) : setTimeout(act, left);
  };
  wait(milliseconds);
  return () => clearTimeout(timer);
}
