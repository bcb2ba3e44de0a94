import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answer, HiddenSpace, Question, SpacePlane } from '../../run/protocol.ts';

type Ask = (question: Extract<Question, { what: 'hidden' }>) => Promise<Answer | undefined>;

/**
 * The hidden layer's picture of the present step, again whenever the run or the choice changes: one question
 * at a time, so that a slow network is not asked in vain.
 * @param moment changes with the run
 */
export function useSpace(ask: Ask, over: SpacePlane, moment: string): HiddenSpace | undefined {
  const [space, setSpace] = useState<HiddenSpace>();
  const wanted = useRef<SpacePlane | undefined>(undefined);
  const busy = useRef(false);
  useEffect(() => {
    wanted.current = over;
    if (!busy.current) answer();
    async function answer() {
      busy.current = true;
      while (wanted.current) {
        const over = wanted.current;
        wanted.current = undefined;
        const answered = await ask({ what: 'hidden', over });
        setSpace(answered?.what === 'hidden' ? answered : undefined);
      }
      busy.current = false;
    }
  }, [String(over), moment]);
  return space;
}
