import type { CaseStudy, Measurement } from '../index.ts';
import { formatDifference, formatLoss, withMinus } from './format.ts';

interface Props {
  study: CaseStudy;
  points: Measurement[];
  /** Why the losses agree as far as they do. */
  remark: string | undefined;
}

/** What the notes' program prints, from this run and as published. */
export function Printout({ study, points, remark }: Props) {
  const { published, every, steps } = study;
  const own = new Map(points.map(({ step, loss }) => [step, loss]));
  const losses = published.losses.map((loss, i) => ({
    step: i * every,
    loss: own.get(i * every),
    published: loss,
  }));
  const accuracy = points.find(({ step }) => step === steps)?.accuracy;
  return (
    <section class="printout" aria-labelledby="printout-title">
      <h2 id="printout-title">Printout</h2>
      <table>
        <caption>
          The loss before these updates, in this run and as the notes print it. From the first digit that
          differs on, digits are underlined.
        </caption>
        <thead>
          <tr>
            <th scope="col">iteration</th>
            <th scope="col">here</th>
            <th scope="col">published</th>
            <th scope="col">difference</th>
          </tr>
        </thead>
        <tbody>
          {losses.map(({ step, loss, published }) => (
            <tr key={step}>
              <th scope="row">
                <span class="word">iteration </span>
                {step}
                <span class="word">: loss</span>
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
              <span class="word">training </span>accuracy:
            </th>
            <td>
              {accuracy !== undefined && <Digits text={accuracy.toFixed(2)} like={published.accuracy} />}
            </td>
            <td class="quiet">{published.accuracy}</td>
            <td>{accuracy !== undefined && accuracyDifference(accuracy, published.accuracy)}</td>
          </tr>
        </tfoot>
      </table>
      <p class="agreement">{agreement(losses)}</p>
      <p class="remark">{remark}</p>
    </section>
  );
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

/** How many of the losses print the same, of all or of those so far. */
function agreement(losses: { loss: number | undefined; published: number }[]): string {
  const known = losses.filter(({ loss }) => loss !== undefined);
  const same = known.filter(
    ({ loss, published }) => loss !== undefined && formatLoss(loss) === formatLoss(published),
  ).length;
  const print = same === 1 ? 'prints' : 'print';
  if (known.length === losses.length) return `${same} of ${losses.length} losses ${print} as published.`;
  if (known.length === 1) return `The first loss ${same === 1 ? 'prints' : 'does not print'} as published.`;
  return known.length > 0 ? `So far ${same} of ${known.length} ${print} as published.` : '';
}

/** To the two digits that were published: further ones of the published figure are not known. */
function accuracyDifference(own: number, published: string): string {
  const difference = (Number(own.toFixed(2)) - Number(published)).toFixed(2);
  return Number(difference) === 0 ? '0' : `${Number(difference) > 0 ? '+' : ''}${withMinus(difference)}`;
}
