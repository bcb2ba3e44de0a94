import { useEffect, useRef } from 'preact/hooks';

const STILL = '(prefers-reduced-motion: reduce)';

interface Intro {
  /** Ends the movement where it is, as a person takes over. */
  stop: () => void;
  /** Moves from the start again. */
  restart: () => void;
}

/**
 * Moves a figure once when it is first seen, so that a reader who touches nothing sees what moves. The
 * movement waits while the figure is out of sight. A reader who wants no motion sees its end at once.
 * @param show gets how much of the movement is over, from 0 to 1
 */
export function useIntro(seen: boolean, milliseconds: number, show: (part: number) => void): Intro {
  const latest = useRef(show);
  latest.current = show;
  const run = useRef({ elapsed: 0, frame: 0, over: false, seen });
  const { current: state } = run;
  state.seen = seen;
  const pause = () => cancelAnimationFrame(state.frame);
  const move = () => {
    pause();
    if (state.over || !state.seen) return;
    let before: number | undefined;
    const next = (now: number) => {
      // A frame that was long in coming is no reason to jump.
      state.elapsed += Math.min(50, now - (before ?? now));
      before = now;
      const part = matchMedia(STILL).matches ? 1 : Math.min(1, state.elapsed / milliseconds);
      state.over = part === 1;
      latest.current(part);
      if (!state.over) state.frame = requestAnimationFrame(next);
    };
    state.frame = requestAnimationFrame(next);
  };
  useEffect(() => {
    move();
    return pause;
  }, [seen]);
  return {
    stop: () => {
      state.over = true;
      pause();
    },
    restart: () => {
      state.over = false;
      state.elapsed = 0;
      move();
    },
  };
}
