import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { HiddenSpace } from '../../run/protocol.ts';
import type { StudyData } from '../../settings/study-data.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { formatSigned, formatWhole } from '../../ui/format.ts';
import { PICTURE } from '../plane/regions-picture.ts';
import { drawSpace, pointsIn } from './space-picture.ts';
import { squareAround, wedgeAt } from './wedges.ts';

/** The plane as a hidden layer sees it, and how many points lie in the wedge of their class. */
export function SpaceCanvas({ space, data }: { space: HiddenSpace; data: StudyData }) {
  const { space: words } = laterTexts.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const square = useMemo(() => squareAround(space.points), [space]);
  const points = useMemo(() => pointsIn(space, data.points.train), [space, data]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context && square) drawSpace(context, space, square, points, data.colours);
  }, [space, square, points, data.colours]);
  if (!square) return <p class="hint">{words.flat}</p>;
  const { scores } = space;
  const right = scores && points.filter(({ x, y, label }) => wedgeAt(scores, [x, y]) === label).length;
  const { left, bottom, size } = square;
  const reach = (from: number) => `${formatSigned(from)} … ${formatSigned(from + size)}`;
  return (
    <>
      <canvas
        ref={canvas}
        width={PICTURE}
        height={PICTURE}
        role="img"
        aria-label={words.picture(formatWhole(space.step))}
      />
      <p class="reading">
        {right !== undefined && words.inside(formatWhole(right), formatWhole(points.length))}{' '}
        {words.range(reach(left), reach(bottom))}
      </p>
    </>
  );
}
