import type { GradientCheck, Operation, Precision } from '../../../index.ts';
import type { Checked } from '../../run/protocol.ts';
import type { SanityCheck } from '../../run/side-checks/sanity.ts';
import type { RunView } from '../../session/run-view.ts';
import type { Session } from '../../session/session.ts';
import { isRegression } from '../../settings/settings.ts';
import { insideTexts } from '../../texts/inside/inside.ts';
import { formatMagnitude, formatPercent, formatWhole } from '../../ui/format.ts';

interface CheckProps {
  session: Session;
  what: Checked['what'];
  label: string;
  small?: boolean;
}

/** Starts a check, unless one is under way or the run is. */
export function CheckButton({ session, what, label, small }: CheckProps) {
  const { checking, status } = session.run.value;
  const ready = checking === undefined && ['untrained', 'paused', 'finished'].includes(status);
  return (
    <button
      type="button"
      class={small ? 'small' : undefined}
      disabled={!ready}
      onClick={() => session.check(what)}
    >
      {checking === what ? insideTexts.value.checking : label}
    </button>
  );
}

/**
 * The notes' verdict on the relative error of a gradient. Single precision cannot do better than
 * 1e-3.
 */
function bandOf(error: number, precision: Precision): 'good' | 'doubtful' | 'bad' {
  const [good, bad] = precision === 'double' ? [1e-5, 1e-2] : [1e-3, 1e-1];
  return error <= good ? 'good' : error <= bad ? 'doubtful' : 'bad';
}

/** The result of the gradient check for the gradient that an operation computes. */
export function GradientVerdict({ session, operation }: { session: Session; operation: Operation }) {
  const { gradients: words } = insideTexts.value;
  const tensor = { dWeights: 'weights', dBiases: 'biases' }[operation.role as string];
  if (!tensor) return null;
  const found = session.run.value.checked.gradients?.tensors.find(
    (one) => one.tensor === tensor && one.layer === operation.layer,
  );
  if (!found) return <CheckButton session={session} what="gradients" label={words.start} small />;
  const { precision } = session.settings.value;
  const band = found.checked === 0 ? undefined : bandOf(found.largestRelativeError, precision);
  return (
    <p class="hint">
      {words.title}:{' '}
      {band === undefined
        ? words.notChecked
        : `${words.bands[band]}, ${words.error} ${formatMagnitude(found.largestRelativeError)}, ${words.checked} ${formatWhole(found.checked)}`}
    </p>
  );
}

/** Each tensor's gradient against differences of the loss. */
export function GradientSection({ session }: { session: Session }) {
  const { gradients: words } = insideTexts.value;
  const { precision } = session.settings.value;
  const check: GradientCheck | undefined = session.run.value.checked.gradients;
  return (
    <section class="gradient-check" aria-labelledby="gradient-title">
      <h2 id="gradient-title">{words.title}</h2>
      <p class="remark">{words.what}</p>
      <CheckButton session={session} what="gradients" label={words.start} />
      {check && (
        <table>
          <thead>
            <tr>
              <th scope="col">{words.tensor}</th>
              <th scope="col">{words.error}</th>
              <th scope="col">{words.verdict}</th>
              <th scope="col">{words.checked}</th>
              <th scope="col">{words.kinks}</th>
            </tr>
          </thead>
          <tbody>
            {check.tensors.map(({ layer, tensor, largestRelativeError, checked, kinks }) => {
              const band = checked === 0 ? undefined : bandOf(largestRelativeError, precision);
              return (
                <tr key={`${tensor} ${layer}`}>
                  <th scope="row">{`d${tensor === 'weights' ? 'W' : 'b'} ${layer}`}</th>
                  <td>{band === undefined ? '–' : formatMagnitude(largestRelativeError)}</td>
                  <td class={band}>{band === undefined ? words.notChecked : words.bands[band]}</td>
                  <td>{formatWhole(checked)}</td>
                  <td>
                    {kinks.length > 0
                      ? words.kinked(
                          kinks
                            .map(({ row, column }) => `${row}, ${column}`)
                            .slice(0, 3)
                            .join('; '),
                          kinks.length,
                        )
                      : '0'}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** A check's figure, without digits that mean nothing. */
function figure(name: SanityCheck['name'], value: number): string {
  if (name === 'deadUnits') return formatPercent(value);
  if (!Number.isFinite(value)) return '∞';
  if (name === 'updateRatio') return formatMagnitude(value);
  return value.toFixed(4);
}

function Verdict({ check: { name, value, expected, verdict } }: { check: SanityCheck }) {
  const { sanity } = insideTexts.value;
  const words = sanity.checks[name];
  const advice = {
    passed: undefined,
    failed: words.advice,
    unusual: value > expected ? words.advice : (words.otherwise ?? words.advice),
    inapplicable: words.inapplicable,
  }[verdict];
  // The update has no size beside weights that are all 0.
  const told = name !== 'updateRatio' || verdict !== 'inapplicable';
  return (
    <li class={verdict}>
      <strong>{sanity.verdicts[verdict]}</strong> {words.name}
      {told && `: ${words.figure(figure(name, value), figure(name, expected))}`}
      {advice && <span class="hint">{advice}</span>}
    </li>
  );
}

/** The notes' checks before a long run, each with its figure, the verdict, and what to do. */
export function SanitySection({ session }: { session: Session }) {
  const { sanity: words } = insideTexts.value;
  const checks: RunView['checked']['sanity'] = session.run.value.checked.sanity;
  return (
    <section class="sanity" aria-labelledby="sanity-title">
      <h2 id="sanity-title">{words.title}</h2>
      <p class="remark">
        {words.what} {isRegression(session.settings.value) && words.regression}
      </p>
      <CheckButton session={session} what="sanity" label={words.start} />
      {checks && (
        <ul class="verdicts">
          {checks.map((check) => (
            <Verdict key={check.name} check={check} />
          ))}
        </ul>
      )}
    </section>
  );
}
