import { caseStudy, type Precision } from '../../../index.ts';
import type { AdapterReport } from '../../run/protocol.ts';
import type { Measured } from '../../settings/network.ts';
import type { Study } from '../../settings/study.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { ColumnHeads } from '../../ui/column-heads.tsx';
import { formatDifference, formatLoss, withMinus } from '../../ui/format.ts';

interface Props {
  study: Study;
  points: readonly Measured[];
  precision: Precision;
  adapter: AdapterReport | undefined;
  /** Trains the same run in double precision. */
  onDouble: () => void;
}

/** The notes' printed table, of this run and as published. */
export function Printout({ study, points, precision, adapter, onDouble }: Props) {
  const { printout: words } = laterTexts.value;
  const { published, every, steps } = caseStudy[study];
  const own = new Map(points.map(({ step, loss }) => [step, loss]));
  const losses = published.losses.map((loss, i) => ({
    step: i * every,
    loss: own.get(i * every),
    published: loss,
  }));
  const accuracy = points.find(({ step }) => step === steps)?.accuracy;
  return (
    <details class="printout" open>
      <summary>
        <h2>{words.title}</h2>
      </summary>
      <table aria-label={words.title}>
        <caption>{words.caption}</caption>
        <ColumnHeads names={[words.iteration, words.here, words.published, words.difference]} />
        <tbody>
          {losses.map(({ step, loss, published }) => (
            <tr key={step}>
              <th scope="row">
                <span class="word">{words.iteration} </span>
                {step}
                <span class="word">{words.loss}</span>
              </th>
              <td>{loss !== undefined && <Digits text={formatLoss(loss)} like={formatLoss(published)} />}</td>
              <td class="quiet">{formatLoss(published)}</td>
              <td>{loss !== undefined && formatDifference(loss - published)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">
              <span class="word">{words.training}</span>
              {words.accuracy}
            </th>
            <td>
              {accuracy !== undefined && <Digits text={accuracy.toFixed(2)} like={published.accuracy} />}
            </td>
            <td class="quiet">{published.accuracy}</td>
            <td>{accuracy !== undefined && accuracyDifference(accuracy, published.accuracy)}</td>
          </tr>
        </tfoot>
      </table>
      <p class="agreement">
        {agreement(losses)}{' '}
        {precision === 'single' && accuracy !== undefined && (
          <button type="button" class="small" onClick={onDouble}>
            {words.inDouble}
          </button>
        )}
      </p>
      <p class="remark">{adapter && remark(study, precision, adapter.backend)}</p>
    </details>
  );
}

/** Why the losses of a run agree with the published ones only so far. */
function remark(study: Study, precision: Precision, backend: AdapterReport['backend']): string {
  const { remarks } = laterTexts.value.printout;
  if (precision === 'single') return remarks.single[study];
  return `${backend === 'cpu' ? remarks.cpu : remarks.gpu} ${remarks.double[study]}`;
}

/** A printed number with a mark on the digits from the first on that differs from another one. */
function Digits({ text, like }: { text: string; like: string }) {
  let same = 0;
  while (same < text.length && text[same] === like[same]) same++;
  return (
    <>
      {text.slice(0, same)}
      {same < text.length && <span class="differs">{text.slice(same)}</span>}
    </>
  );
}

/** The number of losses so far that print the same. */
function agreement(losses: { loss: number | undefined; published: number }[]): string {
  const { printout: words } = laterTexts.value;
  const known = losses.filter(({ loss }) => loss !== undefined);
  const same = known.filter(
    ({ loss, published }) => loss !== undefined && formatLoss(loss) === formatLoss(published),
  ).length;
  if (known.length === losses.length) return words.all(same, losses.length);
  if (known.length === 1) return words.first(same === 1);
  return known.length > 0 ? words.soFar(same, known.length) : '';
}

/** The accuracy in two digits, because the published figure has no more. */
function accuracyDifference(own: number, published: string): string {
  const difference = (Number(own.toFixed(2)) - Number(published)).toFixed(2);
  return Number(difference) === 0 ? '0' : `${Number(difference) > 0 ? '+' : ''}${withMinus(difference)}`;
}
