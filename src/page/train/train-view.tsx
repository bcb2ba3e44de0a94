import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Session } from '../session/session.ts';
import { NODES } from '../settings/plane.ts';
import { studyOf } from '../settings/trainer-options.ts';
import { texts } from '../texts/texts.ts';
import { formatWhole } from '../ui/format.ts';
import { useMedia } from '../ui/media.ts';
import { ProblemNotice } from '../ui/problem-notice.tsx';
import { AboutRun } from './about-run.tsx';
import { Confusion } from './confusion.tsx';
import { ControlBar } from './control-bar.tsx';
import { Curves } from './curves.tsx';
import { LayersTable } from './layers-table.tsx';
import { type Column, columnsOf, coordinates, NetworkDiagram, type UnitPlace } from './network-diagram.tsx';
import { Printout } from './printout.tsx';
import { Regions, type ShownUnit } from './regions.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { TimingPanel } from './timing.tsx';

/** A run: data, network, progress and speed. */
export function TrainView({ session }: { session: Session }) {
  return (
    <main>
      <ControlBar session={session} />
      <Notices session={session} />
      <Panels session={session} />
    </main>
  );
}

/**
 * The sections in reading order: column by column on wide screens, else the most important first.
 */
function Panels({ session }: { session: Session }) {
  const narrow = useMedia('(max-width: 56.25em)');
  const wide = useMedia('(min-width: 75em)');
  const settings = session.settings.value;
  const data = session.data.value;
  const adapter = session.adapter.value;
  const run = session.run.value;
  const empty = run.status === 'empty';
  const pointed = useSignal<UnitPlace | undefined>(undefined);
  const kept = useSignal<UnitPlace | undefined>(undefined);
  // A run with turns is no longer one of the notes'.
  const turned = (run.turns?.length ?? 0) > 1;
  const study = useMemo(() => (turned ? undefined : studyOf(settings)), [settings, turned]);
  const inputs = useMemo(() => [0, 1].map((axis) => coordinates(data.range, axis)), [data]);
  const columns = columnsOf(settings, inputs, run.insight);
  const change = (part: Partial<typeof settings>) => session.change(part);

  const choices = <SettingsPanel settings={settings} open={wide} onChange={change} />;
  const regions = (
    <Regions
      settings={settings}
      data={data}
      evidence={run.evidence}
      nodes={run.nodes ?? NODES}
      shown={shownUnit(columns, pointed.value ?? kept.value)}
      onChange={change}
      onUndo={() => session.undo()}
    />
  );
  const network = (
    <NetworkDiagram
      columns={columns}
      insight={run.insight}
      empty={empty}
      onShow={(place) => {
        pointed.value = place;
      }}
      kept={kept.value}
      onKeep={(place) => {
        kept.value = place;
      }}
    />
  );
  const curves = (
    <Curves points={run.points} testPoints={run.testPoints} stopStep={settings.stopStep} study={study} />
  );
  const printout = study && (
    <Printout
      study={study}
      points={run.points}
      precision={settings.precision}
      adapter={adapter}
      onDouble={() => {
        session.change({ precision: 'double' });
        session.train();
      }}
    />
  );
  const confusion = <Confusion insight={run.insight} empty={empty} />;
  const layers = <LayersTable insight={run.insight} empty={empty} />;
  const about = <AboutRun settings={settings} data={data} adapter={adapter} planReport={run.planReport} />;
  const timing = <TimingPanel session={session} />;
  if (narrow) {
    return (
      <div class="panels">
        {regions}
        {curves}
        {printout}
        {network}
        {choices}
        {confusion}
        {layers}
        {about}
        {timing}
      </div>
    );
  }
  return (
    <div class="panels">
      {choices}
      <div class="column">
        {network}
        {curves}
        {layers}
        {about}
      </div>
      <div class="column">
        {regions}
        {printout}
        {confusion}
        {timing}
      </div>
    </div>
  );
}

/** The unit below the pointer, with its present picture. */
function shownUnit(columns: readonly Column[], place: UnitPlace | undefined): ShownUnit | undefined {
  const shown = place && columns[place.column]?.units[place.unit];
  return shown?.values && { ...shown, values: shown.values };
}

/** Notices: no GPU, a link that was not understood, a failed run. */
function Notices({ session }: { session: Session }) {
  const { noGpu, onCpu, inDetail, recovered, remarks } = texts.value;
  const { reason, detail } = session.adapter.value ?? {};
  const { problem, refusal, recoveries = [] } = session.run.value;
  const recovery = recoveries[recoveries.length - 1];
  return (
    <>
      {recovery && (
        <p class="notice" role="status">
          {recovered(recovery.backend, formatWhole(recovery.step))}
        </p>
      )}
      {reason && reason !== 'chosen' && reason !== 'lost' && (
        <p class="notice">
          {noGpu[reason]} {onCpu}
          {detail && (
            <>
              {' '}
              {inDetail} <span lang="en">{detail}</span>
            </>
          )}
        </p>
      )}
      {session.remarks.value.map((remark, i) => (
        <p key={i} class="notice">
          {remarks(remark)}
        </p>
      ))}
      {problem && <ProblemNotice problem={problem} />}
      {refusal && <ProblemNotice problem={refusal} refusal />}
    </>
  );
}
