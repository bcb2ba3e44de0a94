import { useEffect, useMemo, useState } from 'preact/hooks';
import type { FigureProps } from '../../frame/figure.ts';
import { FigureFrame } from '../../frame/figure-frame.tsx';
import { useModel } from '../../model/use-model.ts';
import { type ClassWeights, classesOf, OPTIONS, wedges } from './classifier.ts';
import { LinearPlane } from './linear-plane.tsx';
import { fixed, lookAt, Result, Steps, tableOf, words } from './parts.tsx';
import { useTraining } from './use-training.ts';

const NOTES = classesOf(OPTIONS.parameters ?? []);
/** Degrees by which an arm turns: 4 radians. */
const ARM = (4 * 180) / Math.PI;

/** The notes' linear classifier, trained here, with the wedges that it is left with. */
export function FailureFigure({ seen }: FigureProps) {
  const { keys, failure: text, ...rest } = words.value;
  const [own, setOwn] = useState<readonly ClassWeights[]>();
  const [best, setBest] = useState(0);
  const training = useTraining(seen);
  const classes = own ?? training.shown ?? NOTES;
  const compute = useMemo(() => lookAt(classes), [classes]);
  const found = useModel(seen, OPTIONS, compute);
  const restart = () => {
    setOwn(undefined);
    setBest(0);
    training.begin(NOTES);
  };
  const untrained = !training.path && !training.busy;
  useEffect(() => {
    if (seen && untrained) restart();
  }, [seen]);
  useEffect(() => {
    if (own && found) setBest(Math.max(best, found.right));
  }, [own, found]);
  const angles = wedges(classes);
  return (
    <FigureFrame
      title={text.title}
      caption={text.caption}
      keys={keys}
      onReset={restart}
      table={tableOf(found)}
    >
      <LinearPlane classes={classes} evidence={found?.evidence} words={rest} onChange={setOwn} />
      <Result found={found} />
      <Steps
        training={{
          ...training,
          show: (at) => {
            setOwn(undefined);
            training.show(at);
          },
        }}
      />
      <p class="reading">
        {angles && text.wedges(angles.map((angle) => `${fixed(angle, 0)}°`).join(', '), fixed(ARM, 0))}{' '}
        {best > 0 && text.best(`${best}`)}
      </p>
    </FigureFrame>
  );
}
