import { useEffect, useRef, useState } from 'preact/hooks';
import { createTrainer, type LayerParameters, type Trainer, type TrainerOptions } from '../../../index.ts';

/** A network on the CPU in double precision, to which a figure gives parameters. */
export interface Model {
  trainer: Trainer;
  /** Gives the network parameters, in place of those that it has. */
  set: (parameters: LayerParameters[]) => Promise<void>;
}

export async function openModel(options: TrainerOptions): Promise<Model> {
  const trainer = await createTrainer({ ...options, backend: 'cpu', precision: 'double', threads: 1 });
  const begun = await trainer.save();
  return { trainer, set: (parameters) => trainer.restore({ ...begun, parameters }) };
}

/**
 * The newest result of a computation with a model, which begins when the figure is first seen. What
 * is asked for while one is under way waits, and of several such only the last is computed.
 * @param compute the same function as long as the same is to be computed
 */
export function useModel<Result>(
  seen: boolean,
  options: TrainerOptions,
  compute: (model: Model) => Promise<Result>,
): Result | undefined {
  const [result, setResult] = useState<Result>();
  const place = useRef<{
    model?: Promise<Model>;
    next?: typeof compute | undefined;
    busy: boolean;
    gone?: boolean;
  }>({
    busy: false,
  });
  useEffect(() => {
    const { current } = place;
    return () => {
      current.gone = true;
      current.next = undefined;
      current.model?.then(({ trainer }) => trainer.destroy());
    };
  }, []);
  useEffect(() => {
    if (!seen) return;
    const { current } = place;
    current.next = compute;
    if (current.busy) return;
    current.busy = true;
    current.model ??= openModel(options);
    const work = async (model: Model) => {
      while (current.next) {
        const { next } = current;
        current.next = undefined;
        setResult(await next(model));
      }
    };
    current.model.then(work).then(
      () => {
        current.busy = false;
      },
      (error) => {
        // A model that was destroyed under its work is no fault.
        if (!current.gone) throw error;
      },
    );
  }, [seen, compute]);
  return result;
}
