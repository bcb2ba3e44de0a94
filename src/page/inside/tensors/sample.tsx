import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Tensor } from '../../../index.ts';
import { norm } from '../../run/side-checks/statistics.ts';
import { isTimed, type LoadedData, type StudyData } from '../../settings/study-data.ts';
import type { InsideTexts } from '../../texts/inside/en.ts';
import { insideTexts } from '../../texts/inside/inside.ts';
import { RowImage } from '../../train/images/row-image.tsx';
import { drawCursor, drawPoints, PICTURE, pixelOf } from '../../train/plane/regions-picture.ts';
import { classNameOf } from '../../ui/class-name.ts';
import { formatFeature } from '../../ui/feature-value.ts';
import { NumberField } from '../../ui/fields.tsx';
import { formatMagnitude, formatPercent, formatSigned, formatWhole } from '../../ui/format.ts';
import { Marker } from '../../ui/marker.tsx';
import { Formula } from '../operation/formula.tsx';

interface Props {
  data: StudyData;
  /** Whether the step's rows are the training points in their order; otherwise they are a batch. */
  whole: boolean;
  tensors: readonly Tensor[];
  layers: number;
  sample: number;
  /** The training row that is all of the batch. */
  alone: number | undefined;
  /** Goes back to the batch of the step. */
  onLeave: () => void;
  onPick: (sample: number) => void;
}

/** One sample on its way through the step. */
export function Sample({ data, whole, tensors, layers, sample, alone, onLeave, onPick }: Props) {
  const { sample: words } = insideTexts.value;
  const rows = find(tensors, 'inputs')?.shape[0] ?? data.train?.count ?? 0;
  const value = find(tensors, 'targets')?.values[sample];
  const label = Number(find(tensors, 'labels')?.values[sample] ?? data.points.train[sample]?.label ?? 0);
  return (
    <section class="sample" aria-labelledby="sample-title">
      <h2 id="sample-title">{words.title}</h2>
      {whole && <SamplePlot data={data} sample={sample} onPick={onPick} />}
      <div class="who">
        {alone === undefined ? (
          <NumberField
            label={words.number}
            hint={words.numberHint(formatWhole(rows - 1))}
            value={sample}
            range={{ min: 0, max: rows - 1, whole: true }}
            onChange={onPick}
          />
        ) : (
          <>
            <p>{words.alone(formatWhole(alone))}</p>
            <button type="button" class="small" onClick={onLeave}>
              {words.batch}
            </button>
          </>
        )}
        <p>
          {value === undefined ? (
            <>
              <Marker label={label} /> {classNameOf(data, label)}
            </>
          ) : (
            words.value(formatSigned(value))
          )}
        </p>
        {data.loaded && (
          <LoadedRow data={data} loaded={data.loaded} inputs={find(tensors, 'inputs')} sample={sample} />
        )}
      </div>
      <table>
        <caption>{words.caption}</caption>
        <tbody>
          {!data.loaded && <Row name="inputs" tensor={find(tensors, 'inputs')} sample={sample} />}
          <Row name="scores" tensor={find(tensors, 'outputs', 'value', layers - 1)} sample={sample} />
          {value === undefined && (
            <Row name="probabilities" tensor={find(tensors, 'probabilities')} sample={sample} />
          )}
          <Row name="losses" tensor={find(tensors, 'losses')} sample={sample} />
          <Row name="dscores" tensor={find(tensors, 'outputs', 'gradient', layers - 1)} sample={sample} />
          {Array.from({ length: layers }, (_, layer) => (
            <Contribution key={layer} layer={layer} tensors={tensors} sample={sample} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What a step leaves of a tensor: the last of those that replace each other. */
function find(
  tensors: readonly Tensor[],
  kind: Tensor['kind'],
  role: Tensor['role'] = 'value',
  layer?: number,
): Tensor | undefined {
  return tensors.findLast((tensor) => tensor.kind === kind && tensor.role === role && tensor.layer === layer);
}

interface RowProps {
  name: keyof InsideTexts['sample']['rows'];
  tensor: Tensor | undefined;
  sample: number;
}

function Row({ name, tensor, sample }: RowProps) {
  const { sample: words } = insideTexts.value;
  // The hinge loss has no probabilities.
  if (!tensor) return null;
  const width = tensor.shape[1] ?? 1;
  return (
    <tr>
      <th scope="row">{words.rows[name]}</th>
      <td>
        {Array.from(tensor.values.slice(sample * width, (sample + 1) * width), formatSigned).join('  ')}
      </td>
    </tr>
  );
}

interface ContributionProps {
  layer: number;
  tensors: readonly Tensor[];
  sample: number;
}

/**
 * The sample's part of a layer's dW: the outer product of the layer's input and output gradient.
 */
function Contribution({ layer, tensors, sample }: ContributionProps) {
  const { sample: words } = insideTexts.value;
  const input = layer === 0 ? find(tensors, 'inputs') : find(tensors, 'outputs', 'value', layer - 1);
  const gradient = find(tensors, 'outputs', 'gradient', layer);
  const dW = find(tensors, 'weights', 'gradient', layer);
  const rowNorm = ({ shape: [, width], values }: Tensor) =>
    norm(values.slice(sample * width, (sample + 1) * width));
  if (!input || !gradient || !dW) return null;
  const own = rowNorm(input) * rowNorm(gradient);
  const all = norm(dW.values);
  return (
    <tr>
      <th scope="row">
        {words.contribution} <Formula text={dW.symbol} />
      </th>
      <td>
        {formatMagnitude(own)}
        {all > 0 && ` ${words.share(formatPercent(own / all))}`}
      </td>
    </tr>
  );
}

/** The most features that are listed. */
const MOST_LISTED = 20;

/** The sample as it is in the file: an image, or its features in their own units. */
function LoadedRow({
  data,
  loaded: { units, rows },
  inputs,
  sample,
}: {
  data: StudyData;
  loaded: LoadedData;
  inputs: Tensor | undefined;
  sample: number;
}) {
  const { sample: words } = insideTexts.value;
  const width = data.inputs.length;
  const raw = useMemo(
    () =>
      inputs &&
      Float64Array.from(
        units,
        ({ mean, deviation }, i) => mean + deviation * inputs.values[sample * width + i],
      ),
    [inputs, units, sample],
  );
  if (!raw) return null;
  if (rows.images) return <RowImage pixels={Float32Array.from(raw)} size={rows.images} label={words.image} />;
  return (
    <table>
      <caption>{words.features}</caption>
      <tbody>
        {data.inputs.slice(0, MOST_LISTED).map((name, i) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{formatFeature(rows, i, isTimed(rows, i) ? toSecond(raw[i]) : raw[i])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The network's numbers keep about 7 digits of a point in time. */
const toSecond = (time: number): number => 1000 * Math.round(time / 1000);

/** The training points, to choose one. */
function SamplePlot({ data, sample, onPick }: Pick<Props, 'data' | 'sample' | 'onPick'>) {
  const { sample: words } = insideTexts.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const points = data.points.train;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, PICTURE, PICTURE);
    drawPoints(context, points, data.range, false, data.colours);
    const followed = points.find(({ index }, i) => (index ?? i) === sample);
    if (followed) drawCursor(context, followed, data.range);
  }, [data, sample]);
  const pick = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLCanvasElement).getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top].map(
      (at) => (at / box.width) * PICTURE,
    );
    const distance = (i: number) => {
      const [column, line] = pixelOf(data.range, points[i].x, points[i].y);
      return Math.hypot(column - x, line - y);
    };
    const nearest = points.reduce((best, _, i) => (distance(i) < distance(best) ? i : best), 0);
    onPick(points[nearest]?.index ?? nearest);
  };
  return (
    <canvas
      ref={canvas}
      class="sample-plot"
      width={PICTURE}
      height={PICTURE}
      role="img"
      aria-label={words.plot}
      onPointerDown={pick}
    />
  );
}
