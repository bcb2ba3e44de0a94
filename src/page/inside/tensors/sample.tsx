import { useEffect, useRef } from 'preact/hooks';
import type { Tensor } from '../../../index.ts';
import { norm } from '../../run/side-checks/statistics.ts';
import type { PlaneData } from '../../settings/plane-data.ts';
import type { InsideTexts } from '../../texts/inside/en.ts';
import { insideTexts } from '../../texts/inside/inside.ts';
import { texts } from '../../texts/texts.ts';
import { drawCursor, drawPoints, PICTURE, pixelOf } from '../../train/regions-picture.ts';
import { NumberField } from '../../ui/fields.tsx';
import { formatMagnitude, formatPercent, formatSigned, formatWhole } from '../../ui/format.ts';
import { Marker } from '../../ui/marker.tsx';
import { Formula } from '../operation/formula.tsx';

interface Props {
  data: PlaneData;
  /** Whether the step's rows are the training points in their order; otherwise they are a batch. */
  whole: boolean;
  tensors: readonly Tensor[];
  layers: number;
  sample: number;
  onPick: (sample: number) => void;
}

/** One sample on its way through the step. */
export function Sample({ data, whole, tensors, layers, sample, onPick }: Props) {
  const { sample: words } = insideTexts.value;
  const rows = find(tensors, 'inputs')?.shape[0] ?? data.points.train.length;
  const label = Number(find(tensors, 'labels')?.values[sample] ?? data.points.train[sample]?.label ?? 0);
  return (
    <section class="sample" aria-labelledby="sample-title">
      <h2 id="sample-title">{words.title}</h2>
      <NumberField
        label={words.number}
        hint={words.numberHint(formatWhole(rows - 1))}
        value={sample}
        range={{ min: 0, max: rows - 1, whole: true }}
        onChange={onPick}
      />
      <p>
        <Marker label={label} /> {texts.value.regions.className(label)}
      </p>
      {whole && <SamplePlot data={data} sample={sample} onPick={onPick} />}
      <table>
        <caption>{words.caption}</caption>
        <tbody>
          <Row name="scores" tensor={find(tensors, 'outputs', 'value', layers - 1)} sample={sample} />
          <Row name="probabilities" tensor={find(tensors, 'probabilities')} sample={sample} />
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
  const width = tensor?.shape[1] ?? 1;
  return (
    <tr>
      <th scope="row">{words.rows[name]}</th>
      <td>
        {tensor &&
          Array.from(tensor.values.slice(sample * width, (sample + 1) * width), formatSigned).join('  ')}
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

/** The training points, to choose one. */
function SamplePlot({ data, sample, onPick }: Pick<Props, 'data' | 'sample' | 'onPick'>) {
  const { sample: words } = insideTexts.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const points = data.points.train;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, PICTURE, PICTURE);
    drawPoints(context, points, data.range, false);
    if (points[sample]) drawCursor(context, points[sample], data.range);
  }, [data, sample]);
  const pick = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLCanvasElement).getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top].map(
      (at) => (at / box.width) * PICTURE,
    );
    const distance = (row: number) => {
      const [column, line] = pixelOf(data.range, points[row].x, points[row].y);
      return Math.hypot(column - x, line - y);
    };
    onPick(points.reduce((best, _, row) => (distance(row) < distance(best) ? row : best), 0));
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
