import { useEffect, useRef, useState } from 'preact/hooks';
import type { AdapterReport } from '../../../run/protocol.ts';
import { trainerHere } from '../../model/here.ts';
import { type ClassWeights, classesOf, OPTIONS, parametersOf, STEPS } from './classifier.ts';

const STILL = '(prefers-reduced-motion: reduce)';

interface Training {
  /** The classifier before each update and after the last, once training is over. */
  path?: readonly (readonly ClassWeights[])[];
  /** The step that is shown. */
  at: number;
  /** What it was trained on. */
  report?: AdapterReport;
  /** Training did not come to its end. */
  failed?: boolean;
}

/**
 * Training of the linear classifier on the reader's machine, which is fast, and then shown update by
 * update, which is slow enough to follow.
 */
export function useTraining(seen: boolean) {
  const [training, setTraining] = useState<Training>();
  const under = useRef<AbortController | undefined>(undefined);
  const stop = () => {
    under.current?.abort();
    setTraining(undefined);
  };
  const begin = async (classes: readonly ClassWeights[]) => {
    stop();
    const own = new AbortController();
    under.current = own;
    setTraining({ at: 0 });
    const { trainer, report } = await trainerHere({ ...OPTIONS, parameters: parametersOf(classes) });
    const path: (readonly ClassWeights[])[] = [];
    try {
      for await (const { parameters = [] } of trainer.run({
        steps: STEPS,
        every: 1,
        last: true,
        parameters: true,
      }))
        path.push(classesOf(parameters));
    } finally {
      trainer.destroy();
    }
    if (!own.signal.aborted) setTraining({ path, report, at: matchMedia(STILL).matches ? STEPS : 0 });
  };
  const playing = useRef(true);
  useEffect(() => () => under.current?.abort(), []);
  useEffect(() => {
    if (!seen || !training?.path || training.at >= STEPS || !playing.current) return;
    const frame = requestAnimationFrame(() => setTraining({ ...training, at: training.at + 1 }));
    return () => cancelAnimationFrame(frame);
  }, [seen, training]);
  return {
    ...training,
    busy: training !== undefined && !training.path && !training.failed,
    shown: training?.path?.[training.at],
    begin: (classes: readonly ClassWeights[]) => {
      playing.current = true;
      begin(classes).catch((error) => {
        console.warn(error);
        setTraining({ at: 0, failed: true });
      });
    },
    stop,
    show: (at: number) => {
      playing.current = false;
      if (training) setTraining({ ...training, at });
    },
  };
}
