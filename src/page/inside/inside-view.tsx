import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { InsideState } from '../run/protocol.ts';
import { address } from '../session/address.ts';
import type { Session } from '../session/session.ts';
import { isRegression } from '../settings/settings.ts';
import { insideTexts } from '../texts/inside/inside.ts';
import { ControlBar } from '../train/run/control-bar.tsx';
import { Folded } from '../ui/folded.tsx';
import { noData } from '../ui/no-data.ts';
import { ProblemNotice } from '../ui/problem-notice.tsx';
import { Detail } from './operation/detail.tsx';
import { OperationList } from './operation/operation-list.tsx';
import { GradientSection, SanitySection } from './sections/checks.tsx';
import { Differences } from './sections/differences.tsx';
import { StepControls } from './step-controls.tsx';
import { DataFlow } from './tensors/data-flow.tsx';
import { Sample } from './tensors/sample.tsx';
import { slotsOf } from './tensors/slots.ts';
import { Tensors } from './tensors/tensors.tsx';

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
      <Folded class="checks" summary={insideTexts.value.checks} opens={false}>
        <div class="three">
          {run.inside && <Differences state={run.inside} />}
          <GradientSection session={session} />
          <SanitySection session={session} />
        </div>
      </Folded>
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
  const layers = settings.hidden.length + 1;
  /**
   * The name of the selected slot's first tensor; without one, the operation's tensors are shown.
   */
  const chosenSlot = useSignal<string | undefined>(undefined);
  const sample = useSignal(session.followed.peek());
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
  const choose = (name: string | undefined) => {
    chosenSlot.value = name;
  };
  const go = (to: number) => {
    at.value = Math.max(0, Math.min(operations.length - 1, to));
    choose(undefined);
  };
  useArrows((by) => go(position + by));
  return (
    <>
      <StepControls session={session} state={state} at={position} onGo={go} />
      <div class="laboratory">
        <OperationList
          operations={operations}
          at={position}
          shapes={tensors}
          marked={slot?.map(({ name }) => name) ?? []}
          onSelect={go}
        />
        <DataFlow
          slots={slots}
          operations={operations}
          at={position}
          selected={slot?.[0].name}
          layers={layers}
          onSelect={choose}
        />
        <Tensors
          state={state}
          tensors={tensors}
          at={position}
          slot={slot}
          network={{ layers, regression: isRegression(settings) }}
          followed={followed}
          onLeave={() => choose(undefined)}
        />
        <Detail session={session} operation={operation} shapes={tensors} />
      </div>
      <Sample
        data={data}
        whole={rows === all}
        tensors={state.tensors}
        layers={layers}
        sample={followed}
        alone={state.alone}
        onLeave={() => session.unfollow()}
        onPick={(row) => {
          sample.value = row;
        }}
      />
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
