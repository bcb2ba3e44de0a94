import { useSignal } from '@preact/signals';
import { insideTexts } from '../../texts/inside/inside.ts';
import { texts } from '../../texts/texts.ts';
import { CLASSES } from '../../ui/classes.ts';
import { withMinus } from '../../ui/format.ts';
import { Marker } from '../../ui/marker.tsx';
import { Formula } from '../operation/formula.tsx';
import { NOTES_LABEL, NOTES_LOGITS, softmaxExample } from './softmax.ts';

const LARGEST_LOGIT = 6;

/** Sliders for logits, with softmax, loss and gradient. */
export function SoftmaxSection() {
  const { softmax: words } = insideTexts.value;
  const { regions } = texts.value;
  const logits = useSignal(NOTES_LOGITS);
  const label = useSignal(NOTES_LABEL);
  const { probabilities, loss, gradient } = softmaxExample(logits.value, label.value);
  const begin = () => {
    logits.value = NOTES_LOGITS;
    label.value = NOTES_LABEL;
  };
  return (
    <section class="softmax-example" aria-labelledby="softmax-title">
      <h2 id="softmax-title">{words.title}</h2>
      <p>{words.what}</p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.class}</th>
              <th scope="col">{words.logit}</th>
              <th scope="col">
                <Formula text="P = softmax(Z)" />
              </th>
              <th scope="col">
                <Formula text="dZ = P − 1[y]" />
              </th>
              <th scope="col">{words.correct}</th>
            </tr>
          </thead>
          <tbody>
            {logits.value.map((logit, k) => (
              <tr key={k}>
                <th scope="row">
                  <Marker label={k} /> <span class="hidden">{regions.className(k)}</span>
                </th>
                <td class="logit">
                  <input
                    type="range"
                    aria-label={words.logitOf(k)}
                    aria-valuetext={decimals(logit)}
                    min={-LARGEST_LOGIT}
                    max={LARGEST_LOGIT}
                    step="any"
                    value={logit}
                    onInput={({ currentTarget }) => {
                      logits.value = logits.value.with(k, Number(currentTarget.value));
                    }}
                  />
                  <output>{decimals(logit)}</output>
                </td>
                <td>
                  <Bar value={probabilities[k]} colour={CLASSES[k].fill} />
                  {decimals(probabilities[k])}
                </td>
                <td>{decimals(gradient[k])}</td>
                <td>
                  <input
                    type="radio"
                    name="softmax-label"
                    aria-label={words.correctIs(k)}
                    checked={label.value === k}
                    onChange={() => {
                      label.value = k;
                    }}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>
        <Formula text="L = −ln P[y]" /> = <output>{decimals(loss)}</output>{' '}
        <button type="button" class="small" onClick={begin}>
          {words.begin}
        </button>
      </p>
    </section>
  );
}

const decimals = (value: number) => withMinus(value.toFixed(3));

function Bar({ value, colour }: { value: number; colour: string }) {
  return <span class="share" style={{ '--share': value, '--colour': colour }} aria-hidden="true" />;
}
