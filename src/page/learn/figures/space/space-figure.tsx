import { useEffect } from 'preact/hooks';
import type { HiddenSpace } from '../../../run/protocol.ts';
import { SpaceCanvas } from '../../../train/space/space-canvas.tsx';
import { pointsIn } from '../../../train/space/space-picture.ts';
import { useSpace } from '../../../train/space/use-space.ts';
import { wedgeAt } from '../../../train/space/wedges.ts';
import { formatWhole } from '../../../ui/format.ts';
import { ClassName } from '../../frame/class-name.tsx';
import type { FigureProps } from '../../frame/figure.ts';
import { FigureFrame, type FigureTable } from '../../frame/figure-frame.tsx';
import { RunSlider } from '../../frame/run-slider.tsx';
import { inLanguage } from '../../frame/words.ts';
import { notesRun } from '../../model/notes-run.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';

const words = inLanguage({ en, ko });

/** The plane among the outputs of the hidden layer, at the step of the figure before. */
export function SpaceFigure({ seen }: FigureProps) {
  const { title, caption, keys, ...text } = words.value;
  const run = notesRun();
  useEffect(() => {
    run.see('space', seen);
    return () => run.see('space', false);
  }, [seen]);
  const { latest, status } = run.view.value;
  const space = useSpace(
    ({ over }) => (seen ? run.askSpace(over) : Promise.resolve(undefined)),
    'borders',
    `${latest?.step} ${status} ${seen}`,
  );
  return (
    <FigureFrame
      title={title}
      caption={caption}
      keys={keys}
      onReset={() => run.restart()}
      table={{ heads: [text.class, text.right], rows: space ? rowsOf(space) : [] }}
    >
      {space ? <SpaceCanvas space={space} data={run.data} /> : <p class="hint">{text.waiting}</p>}
      <RunSlider />
    </FigureFrame>
  );
}

/** How many points of each class lie in its wedge. */
function rowsOf(space: HiddenSpace): FigureTable['rows'] {
  const { scores } = space;
  const { data } = notesRun();
  if (!scores) return [];
  const points = pointsIn(space, data.points.train);
  return Array.from({ length: data.outputs }, (_, label) => {
    const own = points.filter((point) => point.label === label);
    const right = own.filter(({ x, y }) => wedgeAt(scores, [x, y]) === label).length;
    return [<ClassName key={label} label={label} />, `${formatWhole(right)} / ${formatWhole(own.length)}`];
  });
}
