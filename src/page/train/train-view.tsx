import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Session } from '../session/session.ts';
import { NODES } from '../settings/plane.ts';
import { isRegression } from '../settings/settings.ts';
import { studyOf } from '../settings/study.ts';
import { texts } from '../texts/texts.ts';
import { useMedia } from '../ui/media.ts';
import { noData } from '../ui/no-data.ts';
import { wantedBy } from './file/wanted.ts';
import { laterMissing, laterParts, loadLater } from './later-parts.ts';
import type { Column, UnitPlace } from './network/columns.ts';
import { Regions } from './plane/regions.tsx';
import type { ShownUnit } from './plane/shown-unit.ts';
import { ControlBar } from './run/control-bar.tsx';

/** A run: data, network, progress and speed. */
export function TrainView({ session }: { session: Session }) {
  const { status } = session.run.value;
  const opened = status !== 'preparing' && status !== 'starting';
  useEffect(() => {
    if (opened) loadLater();
  }, [opened]);
  const parts = laterParts.value;
  return (
    <main>
      <ControlBar session={session} />
      {laterMissing.value && <p class="notice">{texts.value.partMissing}</p>}
      {parts && <parts.Notices session={session} />}
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
  const empty = run.status === 'empty' ? noData(settings) : undefined;
  const pointed = useSignal<UnitPlace | undefined>(undefined);
  const kept = useSignal<UnitPlace | undefined>(undefined);
  // A run with turns is no longer one of the notes'.
  const turned = (run.turns?.length ?? 0) > 1;
  const study = useMemo(() => (turned ? undefined : studyOf(settings)), [settings, turned]);
  const change = (part: Partial<typeof settings>) => session.change(part);
  const parts = laterParts.value;
  const { points, testPoints, insight } = run;
  const columns = parts?.columnsOf(settings, data, insight) ?? [];

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
  const choices = parts ? (
    <parts.SettingsPanel
      settings={settings}
      data={data}
      open={wide}
      step={run.latest?.step ?? 0}
      ownData={<parts.OwnDataButton settings={settings} />}
      finder={<parts.RateFinder session={session} />}
      onChange={change}
    />
  ) : (
    <section class="settings" />
  );
  const wanted = wantedBy(session);
  if (wanted) {
    const file = parts && <parts.WantedRows settings={settings} wanted={wanted} />;
    return (
      <div class="panels">
        {narrow && file}
        {choices}
        {!narrow && file}
      </div>
    );
  }
  const network = parts && (
    <parts.NetworkDiagram
      settings={settings}
      onChange={change}
      columns={columns}
      insight={insight}
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
  const curves = parts && (
    <parts.Curves
      {...{ points, testPoints, settings, study }}
      former={run.former}
      shown={run.end === undefined ? undefined : run.latest?.step}
    />
  );
  const printout = parts && study && (
    <parts.Printout
      study={study}
      points={points}
      precision={settings.precision}
      adapter={adapter}
      onDouble={() => {
        session.change({ precision: 'double' });
        session.train();
      }}
    />
  );
  const confusion =
    parts &&
    (isRegression(settings) ? (
      <parts.ValueScatter insight={insight} data={data} empty={empty} />
    ) : (
      <parts.Confusion session={session} insight={insight} data={data} empty={empty} />
    ));
  const drawing = parts && <parts.DrawingPanel session={session} data={data} />;
  const templates = parts && <parts.TemplatesPanel session={session} data={data} />;
  const layers = parts && <parts.LayersTable insight={insight} empty={empty} />;
  const space = parts && <parts.SpacePanel session={session} data={data} />;
  const about = parts && (
    <parts.AboutRun settings={settings} data={data} adapter={adapter} planReport={run.planReport} />
  );
  const timing = parts && <parts.TimingPanel session={session} />;
  if (narrow) {
    return (
      <div class="panels">
        {regions}
        {drawing}
        {curves}
        {printout}
        {space}
        {network}
        {templates}
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
        {templates}
        {curves}
        {layers}
        {about}
      </div>
      <div class="column">
        {regions}
        {drawing}
        {space}
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
  // An image has no place in the plane.
  return shown?.values && shown.unit.kind !== 'image' ? { ...shown, values: shown.values } : undefined;
}
