import type { CaseStudy, Measurement } from '../index.ts';
import { formatDifference, formatLoss } from './format.ts';
import type { Model } from './protocol.ts';

/** What the notes' program prints, from this run and as published. */
export function Printout({
  model,
  study,
  points,
}: {
  model: Model;
  study: CaseStudy;
  points: Measurement[];
}) {
  const { published, every, steps } = study;
  const losses = new Map(points.map(({ step, loss }) => [step, loss]));
  const accuracy = points.find(({ step }) => step === steps)?.accuracy;
  return (
    <section class="printout" aria-labelledby="printout-title">
      <h2 id="printout-title">Printout</h2>
      <table>
        <caption>The loss before these updates, in this run and as the notes print it.</caption>
        <thead>
          <tr>
            <th scope="col">iteration</th>
            <th scope="col">here</th>
            <th scope="col">published</th>
            <th scope="col">difference</th>
          </tr>
        </thead>
        <tbody>
          {published.losses.map((loss, i) => {
            const own = losses.get(i * every);
            return (
              <tr key={i}>
                <th scope="row">
                  <span class="word">iteration </span>
                  {i * every}
                  <span class="word">: loss</span>
                </th>
                <td>{own === undefined ? '' : formatLoss(own)}</td>
                <td class="quiet">{formatLoss(loss)}</td>
                <td>{own === undefined ? '' : formatDifference(own - loss)}</td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">
              <span class="word">training </span>accuracy:
            </th>
            <td>{accuracy?.toFixed(2)}</td>
            <td class="quiet">{published.accuracy}</td>
            <td>{accuracy === undefined ? '' : accuracyDifference(accuracy, published.accuracy)}</td>
          </tr>
        </tfoot>
      </table>
      <p class="remark">{REMARKS[model]}</p>
    </section>
  );
}

/** To the two digits that were published: further ones of the published figure are not known. */
function accuracyDifference(own: number, published: string): string {
  const difference = (Number(own.toFixed(2)) - Number(published)).toFixed(2);
  return Number(difference) === 0 ? '0' : `${Number(difference) > 0 ? '+' : ''}${difference}`;
}

const REMARKS: Record<Model, string> = {
  linear:
    'The notes computed in double precision, this page in single. Training starts from the very weights that the notes drew, so the losses agree to about the last printed digit.',
  network:
    'Training starts from the very weights that the notes drew, but in single precision, where the notes used double. Leaving the saddle near the start amplifies the rounding: the losses after the first differ from the published digits, most at iteration 1000, and come together again as training settles.',
};
