import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Operation, Tensor, TensorShape } from '../../index.ts';
import type { InsideState } from '../run/protocol.ts';
import { address, hashOf } from '../session/address.ts';
import type { Session } from '../session/session.ts';
import { isRegression } from '../settings/settings.ts';
import { insideTexts } from '../texts/inside/inside.ts';
import { ControlBar } from '../train/run/control-bar.tsx';
import { noData } from '../ui/no-data.ts';
import { ProblemNotice } from '../ui/problem-notice.tsx';
import { costOf } from './operation/cost.ts';
import { KernelSource } from './operation/kernel-source.tsx';
import { OperationList } from './operation/operation-list.tsx';
import { sectionOf } from './operation/section-of.ts';
import { CheckButton, GradientSection, SanitySection } from './sections/checks.tsx';
import { Differences } from './sections/differences.tsx';
import { SoftmaxSection } from './sections/softmax-section.tsx';
import { StepControls } from './step-controls.tsx';
import { DataFlow } from './tensors/data-flow.tsx';
import { type Axis, HeatMap } from './tensors/heat-map.tsx';
import { Sample } from './tensors/sample.tsx';
import { present, slotsOf } from './tensors/slots.ts';

/** One training step, line by line: each line's formula, kernels and tensors. */
export function InsideView({ session }: { session: Session }) {
  const run = session.run.value;
  /**
   * The selected operation. It and all before it have been carried out; undefined: the forward pass.
   */
  const at = useSignal<number | undefined>(undefined);
  useEffect(() => {
    session.goInside();
    return () => session.leaveInside();
  }, []);
  const { place } = address.value;
  const opened = run.inside !== undefined;
  // An address may name an operation.
  useEffect(() => {
    const found = run.inside?.operations.findIndex(({ name }) => encodeURIComponent(name) === place) ?? -1;
    if (found >= 0) at.value = found;
  }, [place, opened]);
  return (
    <main class="inside">
      <ControlBar session={session} />
      {run.problem && <ProblemNotice problem={run.problem} />}
      {run.refusal && <ProblemNotice problem={run.refusal} refusal />}
      {run.aside && (
        <p class="notice" role="alert">
          {insideTexts.value.aside(run.aside)}
        </p>
      )}
      {run.inside ? (
        <Step session={session} state={run.inside} at={at} />
      ) : (
        !run.problem && (
          <p class="notice">
            {run.status === 'empty' ? noData(session.settings.value) : insideTexts.value.waiting}
          </p>
        )
      )}
      <div class="panels two">
        <SanitySection session={session} />
        <GradientSection session={session} />
      </div>
      <SoftmaxSection />
    </main>
  );
}

interface StepProps {
  session: Session;
  state: InsideState;
  at: Signal<number | undefined>;
}

function Step({ session, state, at }: StepProps) {
  const settings = session.settings.value;
  const data = session.data.value;
  const { hidden } = settings;
  const regression = isRegression(settings);
  /**
   * The name of the selected slot's first tensor; without one, the operation's tensors are shown.
   */
  const chosenSlot = useSignal<string | undefined>(undefined);
  const sample = useSignal(session.followed.peek());
  const byClass = useSignal(false);
  const { operations } = state;
  const forward = operations.findLastIndex(({ phase }) => phase === 'forward');
  const position = Math.min(at.value ?? forward, operations.length - 1);
  const operation = operations[position];
  const tensors = new Map(state.tensors.map((tensor) => [tensor.name, tensor]));
  const slots = slotsOf(state.tensors);
  const slot = slots.find(([{ name }]) => name === chosenSlot.value);
  const all = data.train?.count ?? 0;
  const rows = tensors.get('inputs')?.shape[0] ?? all;
  // The first points lie in the centre, where all scores are alike; this one is in the middle of an arm.
  const followed = Math.min(sample.value ?? Math.floor(rows / (2 * data.outputs)), rows - 1);
  const touched = [...operation.reads, ...operation.writes].flatMap((name) => tensors.get(name) ?? []);
  const shown = slot
    ? [present(slot, operations, position + 1)]
    : touched.map((tensor) => ({ tensor, computed: true }));
  const order = byClass.value ? orderByClass(tensors.get('labels')) : undefined;
  const go = (to: number) => {
    at.value = Math.max(0, Math.min(operations.length - 1, to));
    chosenSlot.value = undefined;
  };
  useArrows((by) => go(position + by));
  return (
    <>
      <StepControls session={session} state={state} at={position} onGo={go} />
      <DataFlow
        slots={slots}
        operations={operations}
        at={position}
        selected={slot?.[0].name}
        layers={hidden.length + 1}
        onSelect={(name) => {
          chosenSlot.value = name;
        }}
      />
      <div class="panels taken-apart">
        <OperationList
          operations={operations}
          at={position}
          shapes={tensors}
          marked={slot?.map(({ name }) => name) ?? []}
          onSelect={go}
        />
        <div class="column">
          <Detail session={session} operation={operation} shapes={tensors} />
          <section aria-labelledby="tensors-title">
            <div class="title">
              <h2 id="tensors-title">{insideTexts.value.tensors}</h2>
              {!regression && (
                <label class="check">
                  <input
                    type="checkbox"
                    checked={byClass.value}
                    onChange={({ currentTarget }) => {
                      byClass.value = currentTarget.checked;
                    }}
                  />
                  {insideTexts.value.byClass}
                </label>
              )}
            </div>
            <div class="heat-maps">
              {shown.map(({ tensor, computed }) => (
                <HeatMap
                  key={tensor.name}
                  tensor={tensor}
                  axes={axesOf(tensor, hidden.length, regression)}
                  order={order}
                  followed={followed}
                  computed={computed}
                />
              ))}
            </div>
          </section>
        </div>
        <div class="column">
          <Sample
            data={data}
            whole={rows === all}
            tensors={state.tensors}
            layers={hidden.length + 1}
            sample={followed}
            alone={state.alone}
            onLeave={() => session.unfollow()}
            onPick={(row) => {
              sample.value = row;
            }}
          />
        </div>
      </div>
      <Differences state={state} tensors={tensors} />
    </>
  );
}

/** Calls `go` with −1 and 1 at the keys ← and →, unless the focused element uses them itself. */
function useArrows(go: (by: number) => void): void {
  const latest = useRef(go);
  latest.current = go;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const taken = event.target instanceof Element && event.target.closest('input, select, [tabindex]');
      if (!by || taken || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      latest.current(by);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

interface DetailProps {
  session: Session;
  operation: Operation;
  shapes: ReadonlyMap<string, TensorShape>;
}

/** The selected operation: its formula, its NumPy line and its kernels. */
function Detail({ session, operation, shapes }: DetailProps) {
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
      </div>
      <h3>{words.numpy}</h3>
      <pre>
        <code>{operation.numpy}</code>
      </pre>
      {operation.kernels.length === 0 ? (
        <p class="hint">{words.cpu}</p>
      ) : (
        <>
          <CheckButton session={session} what="kernels" label={words.time} />
          {operation.kernels.map((kernel) => (
            <KernelSource
              key={kernel.label}
              kernel={kernel}
              cost={cost}
              milliseconds={times?.[kernel.label]}
            />
          ))}
        </>
      )}
    </section>
  );
}

/** Indices of rows, sorted by class. */
function orderByClass(labels: Tensor | undefined): number[] | undefined {
  if (!labels) return undefined;
  const { values } = labels;
  return Array.from(values, (_, row) => row).sort((a, b) => values[a] - values[b] || a - b);
}

/** The meaning of a tensor's rows and columns. */
function axesOf(
  { kind, layer }: TensorShape,
  hidden: number,
  regression: boolean,
): { rows: Axis | undefined; columns: Axis } {
  const outputs: Axis = layer === hidden && !regression ? 'classes' : 'units';
  switch (kind) {
    case 'inputs':
      return { rows: 'samples', columns: 'inputs' };
    case 'targets':
      return { rows: 'samples', columns: 'units' };
    case 'labels':
    case 'losses':
    case 'probabilities':
      return { rows: 'samples', columns: 'classes' };
    case 'outputs':
      return { rows: 'samples', columns: outputs };
    case 'weights':
      return { rows: layer === 0 ? 'inputs' : 'units', columns: outputs };
    case 'biases':
      return { rows: undefined, columns: outputs };
  }
}
