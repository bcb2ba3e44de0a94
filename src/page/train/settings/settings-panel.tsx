import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { PRESETS, type Preset, presetSettings } from '../../settings/presets.ts';
import {
  changes,
  DEFAULTS,
  epsilonOf,
  FACTORS,
  isLoaded,
  isRegression,
  isSurface,
  LAYERS,
  type Settings,
  SHAPE_DEFAULTS,
  UNITS,
} from '../../settings/settings.ts';
import type { StudyData } from '../../settings/study-data.ts';
import { settingsTexts } from '../../texts/settings/settings.ts';
import { ChoiceField, Field, NumberField, NumberSettingField } from '../../ui/fields.tsx';
import { Folded } from '../../ui/folded.tsx';
import { MoreNetworkFields, MoreTrainingFields } from './more-fields.tsx';

interface Props {
  settings: Settings;
  onChange: (part: Partial<Settings>) => void;
}

type PropsWithData = Props & { data: StudyData };

/** Everything that can be chosen, in the order in which a run depends on it. */
export function SettingsPanel({
  settings,
  data,
  open,
  step,
  ownData,
  finder,
  onChange,
}: Props & {
  data: StudyData;
  /** All groups that matter at first. */
  open: boolean;
  /** The step at which the run stands. */
  step: number;
  /** The way to a person's own data. */
  ownData: ComponentChildren;
  /** The search for a learning rate. */
  finder: ComponentChildren;
}) {
  const { groups, settingsLabel } = settingsTexts.value;
  return (
    <section class="settings" aria-label={settingsLabel}>
      <PresetGroup settings={settings} onChange={onChange} />
      {ownData}
      <Group title={groups.data} open={open}>
        <DataFields settings={settings} data={data} onChange={onChange} />
      </Group>
      <Group title={groups.network} open={open}>
        <NetworkFields settings={settings} onChange={onChange} />
      </Group>
      <Group title={groups.training} open={open}>
        <TrainingFields settings={settings} data={data} step={step} finder={finder} onChange={onChange} />
      </Group>
      <Group title={groups.stop} open={false}>
        {STOPS.filter((setting) => setting !== 'stopAccuracy' || !isRegression(settings)).map((setting) => (
          <NumberSettingField key={setting} setting={setting} settings={settings} onChange={onChange} />
        ))}
      </Group>
    </section>
  );
}

const STOPS = ['stopStep', 'stopLoss', 'stopAccuracy', 'patience', 'speed'] as const;

function Group({ title, open, children }: { title: string; open: boolean; children: ComponentChildren }) {
  return (
    <details key={String(open)} open={open}>
      <summary>
        <h2>{title}</h2>
      </summary>
      <div class="fields">{children}</div>
    </details>
  );
}

const MORE = {
  network: ['activation', 'dropout'],
  training: ['schedule', 'warmup', 'l1', 'weightDecay', 'loss', 'classWeights'],
} as const satisfies Record<string, (keyof Settings)[]>;

/** Settings one press away; open where one of them is not as the notes have it. */
function More({ group, settings, children }: MoreProps) {
  const changed: readonly string[] = changes(DEFAULTS, settings);
  const differs = MORE[group].some((key) => changed.includes(key));
  return (
    <Folded class="more" summary={settingsTexts.value.more[group]} opens={differs}>
      <div class="fields">{children}</div>
    </Folded>
  );
}

interface MoreProps {
  group: keyof typeof MORE;
  settings: Settings;
  children: ComponentChildren;
}

/** The settings that a preset leaves alone: backend, precision, plan and speed. */
const KEPT = ['backend', 'precision', 'plan', 'speed'] as const satisfies (keyof Settings)[];

function PresetGroup({ settings, onChange }: Props) {
  const { presets, presetLabel, presetOwn, presetChanged, presetChanges, presetBack, looks } =
    settingsTexts.value;
  const { settings: names } = settingsTexts.value;
  const [last, setLast] = useState<Preset>();
  const exact = useMemo(
    () =>
      PRESETS.find((preset) =>
        changes(presetSettings(preset), settings).every((key) => (KEPT as readonly string[]).includes(key)),
      ),
    [settings],
  );
  // The hint stays while a person tries what it says.
  const told = exact ?? (settings.shape === 'table' ? undefined : last);
  const changed = (told ? changes(presetSettings(told), settings) : []).filter(
    (key) => !(KEPT as readonly string[]).includes(key),
  );
  const inWords = changed.map((key) => {
    const value = settings[key];
    return `${names[key].label}${typeof value === 'number' ? ` ${value}` : ''}`;
  });
  const choose = (preset: Preset) => {
    setLast(preset);
    const { backend, precision, plan, speed } = settings;
    onChange({ ...presetSettings(preset), backend, precision, plan, speed });
  };
  useEffect(() => {
    if (exact) setLast(exact);
  }, [exact]);
  return (
    <div class="preset">
      <Field label={presetLabel} hint={!told ? '' : exact ? looks[told] : presetChanges(inWords.join(', '))}>
        {({ id, hintId }) => (
          <select
            id={id}
            aria-describedby={hintId}
            value={exact ?? ''}
            onChange={({ currentTarget }) => choose(currentTarget.value as Preset)}
          >
            {!exact && <option value="">{told ? presetChanged(presets[told]) : presetOwn}</option>}
            {PRESETS.map((preset) => (
              <option key={preset} value={preset}>
                {presets[preset]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {told && !exact && (
        <button type="button" class="small" onClick={() => choose(told)}>
          {presetBack}
        </button>
      )}
    </div>
  );
}

/** What has no meaning without classes, as a surface begins. */
const UNCLASSED = { loss: DEFAULTS.loss, stopAccuracy: 0 } as const satisfies Partial<Settings>;

function DataFields({ settings, data, onChange }: PropsWithData) {
  // Edits belong to the points of one data set.
  const renew = (part: Partial<Settings>) => onChange({ ...part, edits: [] });
  // Weights belong to classes.
  const reclass = (part: Partial<Settings>) => renew({ ...part, classWeights: [] });
  const choose = ({ shape = settings.shape }: Partial<Settings>) =>
    reclass({ shape, axes: [], ...SHAPE_DEFAULTS[shape], ...(isSurface(shape) && UNCLASSED) });
  const loaded = isLoaded(settings.shape);
  const { table, ...others } = settingsTexts.value.shapes;
  // Rows come from a file.
  const shapes = settings.table ? { ...others, table } : others;
  const generated = settings.shape !== 'own' && !loaded;
  const regression = isRegression(settings);
  return (
    <>
      <ChoiceField setting="shape" settings={settings} names={shapes} onChange={choose} />
      {!regression && !loaded && (
        <NumberSettingField setting="classes" settings={settings} onChange={reclass} />
      )}
      {generated && (
        <>
          <NumberSettingField
            setting="perClass"
            named={regression ? settingsTexts.value.surfacePoints : undefined}
            settings={settings}
            onChange={renew}
          />
          <NumberSettingField
            setting="noise"
            named={regression ? settingsTexts.value.surfaceNoise : undefined}
            settings={settings}
            slider={{ min: 0, max: 1 }}
            onChange={renew}
          />
          <NumberSettingField setting="dataSeed" settings={settings} onChange={renew} />
        </>
      )}
      {loaded && <ScalingField settings={settings} data={data} onChange={onChange} />}
      <NumberSettingField
        setting="testShare"
        settings={settings}
        slider={{ min: 0, max: 0.9 }}
        onChange={onChange}
      />
      {loaded && settings.testShare > 0 && (
        <NumberSettingField
          setting="dataSeed"
          named={settingsTexts.value.splitSeed}
          settings={settings}
          onChange={onChange}
        />
      )}
    </>
  );
}

/** Whether the rows are scaled. */
function ScalingField({ settings, data, onChange }: PropsWithData) {
  const { scaledPixels, settings: names } = settingsTexts.value;
  const { label, hint } = data.loaded?.rows.images ? scaledPixels : names.scaled;
  return (
    <div class="field">
      <label class="check">
        <input
          type="checkbox"
          aria-describedby="scaled-hint"
          checked={settings.scaled}
          onChange={({ currentTarget }) => onChange({ scaled: currentTarget.checked })}
        />
        {label}
      </label>
      <span id="scaled-hint" class="hint">
        {hint}
      </span>
    </div>
  );
}

function NetworkFields({ settings, onChange }: Props) {
  const { hidden, initialization } = settings;
  const { layers, settings: names, starts } = settingsTexts.value;
  const full = hidden.length >= LAYERS.max;
  const setWidth = (layer: number, width: number) => onChange({ hidden: hidden.with(layer, width) });
  return (
    <>
      <fieldset class="layers">
        <legend>{names.hidden.label}</legend>
        {hidden.map((width, layer) => (
          <div class="layer" key={layer}>
            <NumberField
              label={layers.layer(layer + 1)}
              hint={layers.units}
              value={width}
              range={UNITS}
              onChange={(value) => setWidth(layer, value)}
            />
            <button
              type="button"
              aria-label={layers.remove(layer + 1)}
              title={layers.remove(layer + 1)}
              onClick={() => onChange({ hidden: hidden.toSpliced(layer, 1) })}
            >
              −
            </button>
          </div>
        ))}
        <button
          type="button"
          aria-disabled={full}
          title={full ? layers.most : undefined}
          onClick={() => full || onChange({ hidden: [...hidden, hidden[hidden.length - 1] ?? 8] })}
        >
          + {layers.add}
        </button>
        {hidden.length === 0 && <span class="hint">{names.hidden.hint}</span>}
      </fieldset>
      <ChoiceField setting="initialization" settings={settings} names={starts} onChange={onChange} />
      {initialization === 'normal' && (
        <NumberSettingField setting="deviation" settings={settings} onChange={onChange} />
      )}
      {initialization !== 'notes' && (
        <NumberSettingField setting="weightSeed" settings={settings} onChange={onChange} />
      )}
      {hidden.length > 0 && (
        <More group="network" settings={settings}>
          <MoreNetworkFields settings={settings} onChange={onChange} />
        </More>
      )}
    </>
  );
}

function TrainingFields({
  settings,
  data,
  step,
  finder,
  onChange,
}: PropsWithData & { step: number; finder: ComponentChildren }) {
  const { optimizers, precisions, backends, plans } = settingsTexts.value;
  const choose = ({ optimizer = settings.optimizer }: Partial<Settings>) =>
    onChange({ optimizer, epsilon: epsilonOf(optimizer) });
  return (
    <>
      <NumberSettingField
        setting="learningRate"
        settings={settings}
        slider={{ min: 1e-4, max: 100, logarithmic: true }}
        onChange={onChange}
      />
      {finder}
      <NumberSettingField
        setting="l2"
        settings={settings}
        slider={{ min: 1e-6, max: 1, logarithmic: true }}
        onChange={onChange}
      />
      <ChoiceField setting="optimizer" settings={settings} names={optimizers} onChange={choose} />
      {FACTORS[settings.optimizer].map((setting) => (
        <NumberSettingField key={setting} setting={setting} settings={settings} onChange={onChange} />
      ))}
      <NumberSettingField setting="batchSize" settings={settings} onChange={onChange} />
      <ChoiceField setting="precision" settings={settings} names={precisions} onChange={onChange} />
      <ChoiceField setting="backend" settings={settings} names={backends} onChange={onChange} />
      {settings.backend !== 'cpu' && (
        <ChoiceField setting="plan" settings={settings} names={plans} onChange={onChange} />
      )}
      <More group="training" settings={settings}>
        <MoreTrainingFields settings={settings} data={data} step={step} onChange={onChange} />
      </More>
    </>
  );
}
