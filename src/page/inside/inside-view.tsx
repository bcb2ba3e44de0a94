import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Tensor, TensorShape } from '../../index.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import type { InsideState } from '../run/protocol.ts';
import type { Session } from '../session/session.ts';
import { PLANS } from '../settings/settings.ts';
import { insideTexts } from '../texts/inside/inside.ts';
import { texts } from '../texts/texts.ts';
import { ControlBar } from '../train/control-bar.tsx';
import { CheckButton, GradientSection, SanitySection } from './checks.tsx';
import { costOf } from './cost.ts';
import { DataFlow } from './data-flow.tsx';
import { Differences } from './differences.tsx';
import { type Axis, HeatMap } from './heat-map.tsx';
import { KernelSource } from './kernel-source.tsx';
import { LessonSection } from './lesson/lesson-section.tsx';
import { OperationList } from './operation-list.tsx';
import { Sample } from './sample.tsx';
import { SoftmaxSection } from './softmax-section.tsx';

/** One training step taken apart: each line of the mathematics, its kernel and its tensors. */
export function InsideView({ session }: { session: Session }) {
  const run = session.run.value;
  const chosen = useSignal<string | undefined>(undefined);
  const standing = ['untrained', 'paused', 'finished'].includes(run.status);
  const step = run.latest?.step;
  useEffect(() => {
    if (standing && !run.inside) session.goInside('start');
  }, [standing, step, run.inside === undefined]);
  useEffect(() => () => session.leaveInside(), []);
  return (
    <main class="inside">
      <ControlBar session={session} />
      {run.problem && <ProblemNotice problem={run.problem} />}
      {run.inside ? (
        <Step session={session} state={run.inside} chosen={chosen} />
      ) : (
        <p class="notice">{insideTexts.value.waiting}</p>
      )}
      <div class="panels two">
        <SanitySection session={session} />
        <GradientSection session={session} />
      </div>
      <SoftmaxSection />
      <LessonSection
        available={run.inside?.operations.map(({ name }) => name)}
        onSelect={(operation) => {
          chosen.value = operation;
          document.getElementById('operations-title')?.scrollIntoView();
        }}
      />
    </main>
  );
}

interface StepProps {
  session: Session;
  state: InsideState;
  /** The operation that is looked at, where it is not the last that was carried out. */
  chosen: Signal<string | undefined>;
}

function Step({ session, state, chosen }: StepProps) {
  const settings = session.settings.value;
  const data = session.data.value;
  const { hidden } = settings;
  const tensorChosen = useSignal<string | undefined>(undefined);
  const sample = useSignal(0);
  const byClass = useSignal(false);
  const tensors = new Map(state.tensors.map((tensor) => [tensor.name, tensor]));
  const shapes = new Map(state.shapes.map((shape) => [shape.name, shape]));
  const rows = tensors.get('inputs')?.shape[0] ?? data.points.train.length;
  const followed = Math.min(sample.value, rows - 1);
  // Without a choice, it is the operation that has just been carried out.
  const current = state.operations[Math.max(0, state.position - 1)];
  const operation = state.operations.find(({ name }) => name === chosen.value) ?? current;
  const selectedTensor =
    tensorChosen.value !== undefined && tensors.has(tensorChosen.value) ? tensorChosen.value : undefined;
  const shownTensors = selectedTensor
    ? [selectedTensor]
    : [...new Set([...operation.reads, ...operation.writes])];
  const order = byClass.value ? orderByClass(tensors.get('labels')) : undefined;
  const select = (name: string) => {
    chosen.value = name;
    tensorChosen.value = undefined;
  };
  return (
    <>
      <StepControls
        session={session}
        state={state}
        onGo={() => {
          chosen.value = undefined;
          tensorChosen.value = undefined;
        }}
      />
      <DataFlow
        shapes={shapes}
        computed={new Set(tensors.keys())}
        never={new Set(state.never)}
        reads={operation.reads}
        writes={operation.writes}
        selected={selectedTensor}
        layers={hidden.length + 1}
        onSelect={(name) => {
          tensorChosen.value = name;
        }}
      />
      {state.never.length > 0 && settings.backend === 'auto' && session.adapter.value?.backend !== 'cpu' && (
        <p class="notice">
          {insideTexts.value.fewTensors(state.plan, state.never.length)}{' '}
          <button type="button" class="small" onClick={() => session.change({ plan: 'layered' }, 'inside')}>
            {insideTexts.value.allTensors}
          </button>
        </p>
      )}
      <div class="panels taken-apart">
        <OperationList
          operations={state.operations}
          position={state.position}
          shapes={shapes}
          selected={operation.name}
          tensor={selectedTensor}
          onSelect={select}
        />
        <div class="column">
          <Detail session={session} operation={operation} shapes={shapes} />
          <section aria-labelledby="tensors-title">
            <div class="title">
              <h2 id="tensors-title">{insideTexts.value.tensors}</h2>
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
            </div>
            <div class="heat-maps">
              {shownTensors.map((name) => {
                const tensor = tensors.get(name);
                if (!tensor)
                  return (
                    <p key={name} class="hint">
                      {insideTexts.value.notThere(name, state.awaited.includes(name))}
                    </p>
                  );
                return (
                  <HeatMap
                    key={name}
                    tensor={tensor}
                    axes={axesOf(name, hidden.length)}
                    order={order}
                    followed={followed}
                  />
                );
              })}
            </div>
          </section>
        </div>
        <div class="column">
          <Sample
            data={data}
            whole={rows === data.points.train.length}
            tensors={tensors}
            layers={hidden.length + 1}
            sample={followed}
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

interface StepControlsProps {
  session: Session;
  state: InsideState;
  /** Where the computation goes, what is shown follows. */
  onGo: () => void;
}

/** Time control within the step. */
function StepControls({ session, state, onGo }: StepControlsProps) {
  const { controls: words } = insideTexts.value;
  const { operations, position } = state;
  const last = operations.length;
  // What the present dispatches compute ends together.
  const end = (phase: 'forward' | 'backward') =>
    1 + operations.findLastIndex((operation) => operation.phase === phase);
  const go = (to: number | 'start' | 'next step') => {
    onGo();
    session.goInside(to);
  };
  const buttons: [string, number | 'start' | 'next step', boolean][] = [
    [words.start, 'start', position > 0],
    [words.kernel, position + 1, position < last],
    [words.forward, end('forward'), position < end('forward')],
    [words.backward, end('backward'), position < end('backward')],
    [words.whole, last, position < last],
    [words.next, 'next step', true],
  ];
  return (
    <section class="step-controls" aria-label={words.label}>
      {buttons.map(([label, to, possible]) => (
        <button key={label} type="button" aria-disabled={!possible} onClick={() => possible && go(to)}>
          {label}
        </button>
      ))}
      <label>
        {words.plan}{' '}
        <select
          value={settingsPlan(session)}
          onChange={({ currentTarget }) =>
            session.change({ plan: PLANS.find((plan) => plan === currentTarget.value) ?? 'auto' }, 'inside')
          }
        >
          {PLANS.map((plan) => (
            <option key={plan} value={plan}>
              {texts.value.plans[plan]}
            </option>
          ))}
        </select>
      </label>
      <p role="status">{words.status(position, last, state.plan)}</p>
    </section>
  );
}

const settingsPlan = (session: Session) => session.settings.value.plan;

interface DetailProps {
  session: Session;
  operation: InsideState['operations'][number];
  shapes: ReadonlyMap<string, TensorShape>;
}

/** The selected operation: what one would write for it, and the kernels that compute it. */
function Detail({ session, operation, shapes }: DetailProps) {
  const { detail: words } = insideTexts.value;
  const settings = session.settings.value;
  const times = session.run.value.checked.kernels;
  const cost = costOf(operation, shapes, settings.precision, settings);
  return (
    <section class="detail-panel" aria-labelledby="detail-title">
      <h2 id="detail-title">{operation.name}</h2>
      <h3>{words.numpy}</h3>
      <pre>
        <code>{operation.numpy}</code>
      </pre>
      {operation.kernels.length === 0 ? (
        <p class="hint">{words.loops}</p>
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

/** Places of rows in the order of their classes. */
function orderByClass(labels: Tensor | undefined): number[] | undefined {
  if (!labels) return undefined;
  const { values } = labels;
  return Array.from(values, (_, row) => row).sort((a, b) => values[a] - values[b] || a - b);
}

/** What the rows and columns of a tensor are. */
function axesOf(name: string, hidden: number): { rows: Axis | undefined; columns: Axis } {
  const layer = Number(/\d+$/.exec(name)?.[0] ?? hidden);
  const outputs: Axis = layer === hidden ? 'classes' : 'units';
  if (name === 'inputs') return { rows: 'samples', columns: 'inputs' };
  if (name === 'labels' || name === 'losses') return { rows: 'samples', columns: 'classes' };
  if (/^(hidden|dhidden)/.test(name)) return { rows: 'samples', columns: 'units' };
  if (/^(scores|dscores|probabilities)/.test(name)) return { rows: 'samples', columns: 'classes' };
  if (/b \d+$/.test(name)) return { rows: undefined, columns: outputs };
  return { rows: layer === 0 ? 'inputs' : 'units', columns: outputs };
}
