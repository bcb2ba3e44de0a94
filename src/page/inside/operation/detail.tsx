import type { Operation, TensorShape } from '../../../index.ts';
import { address, hashOf } from '../../session/address.ts';
import type { Session } from '../../session/session.ts';
import { insideTexts } from '../../texts/inside/inside.ts';
import { CheckButton, GradientVerdict } from '../sections/checks.tsx';
import { costOf } from './cost.ts';
import { Formula } from './formula.tsx';
import { KernelSource } from './kernel-source.tsx';
import { sectionOf } from './section-of.ts';

interface Props {
  session: Session;
  operation: Operation;
  shapes: ReadonlyMap<string, TensorShape>;
}

/** The selected operation: its formula, its NumPy lines and its kernels. */
export function Detail({ session, operation, shapes }: Props) {
  const { detail: words } = insideTexts.value;
  const settings = session.settings.value;
  const times = session.run.value.checked.kernels;
  const cost = costOf(operation, shapes, settings.precision, settings);
  return (
    <section class="detail-panel" aria-labelledby="detail-title">
      <div class="title">
        <h2 id="detail-title">{operation.name}</h2>
        <a
          href={hashOf({
            view: 'learn',
            place: sectionOf(operation, settings.hidden.length),
            settings: address.value.settings,
          })}
        >
          {words.learn}
        </a>
        {operation.kernels.length > 0 && (
          <CheckButton session={session} what="kernels" label={words.time} small />
        )}
      </div>
      <p class="equations">
        {operation.formula.split('\n').map((part) => (
          <Formula key={part} text={part} />
        ))}
      </p>
      <h3 class="hidden">{words.numpy}</h3>
      <pre>
        <code>{operation.numpy}</code>
      </pre>
      <GradientVerdict session={session} operation={operation} />
      {operation.kernels.length === 0 ? (
        <p class="hint">{words.cpu}</p>
      ) : (
        operation.kernels.map((kernel) => (
          <KernelSource key={kernel.label} kernel={kernel} cost={cost} milliseconds={times?.[kernel.label]} />
        ))
      )}
    </section>
  );
}
