import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { PRESETS, type Preset, presetSettings } from '../settings/presets.ts';
import { changes, LAYERS, type Settings, SHAPE_DEFAULTS, UNITS } from '../settings/settings.ts';
import { texts } from '../texts/texts.ts';
import { ChoiceField, Field, NumberField, NumberSettingField } from '../ui/fields.tsx';

interface Props {
  settings: Settings;
  onChange: (part: Partial<Settings>) => void;
}

/** Everything that can be chosen, in the order in which a run depends on it. */
export function SettingsPanel({
  settings,
  open,
  onChange,
}: Props & { /** All groups that matter at first. */ open: boolean }) {
  const { groups, settingsLabel } = texts.value;
  return (
    <section class="settings" aria-label={settingsLabel}>
      <PresetGroup settings={settings} onChange={onChange} />
      <Group title={groups.data} open={open}>
        <DataFields settings={settings} onChange={onChange} />
      </Group>
      <Group title={groups.network} open={open}>
        <NetworkFields settings={settings} onChange={onChange} />
      </Group>
      <Group title={groups.training} open={open}>
        <TrainingFields settings={settings} onChange={onChange} />
      </Group>
      <Group title={groups.stop} open={false}>
        {(['stopStep', 'stopLoss', 'stopAccuracy', 'patience', 'speed'] as const).map((setting) => (
          <NumberSettingField key={setting} setting={setting} settings={settings} onChange={onChange} />
        ))}
      </Group>
    </section>
  );
}

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

/** The settings that a preset leaves alone: backend, precision, plan and speed. */
const KEPT = ['backend', 'precision', 'plan', 'speed'] as const satisfies (keyof Settings)[];

function PresetGroup({ settings, onChange }: Props) {
  const { presets, presetLabel, presetOwn, presetChanged, presetChanges, presetBack } = texts.value;
  const { settings: names } = texts.value;
  const [last, setLast] = useState<Preset>();
  const exact = useMemo(
    () =>
      PRESETS.find((preset) =>
        changes(presetSettings(preset), settings).every((key) => (KEPT as readonly string[]).includes(key)),
      ),
    [settings],
  );
  // The hint stays while a person tries what it says.
  const told = exact ?? last;
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
      <Field
        label={presetLabel}
        hint={!told ? '' : exact ? presets[told].look : presetChanges(inWords.join(', '))}
      >
        {({ id, hintId }) => (
          <select
            id={id}
            aria-describedby={hintId}
            value={exact ?? ''}
            onChange={({ currentTarget }) => choose(currentTarget.value as Preset)}
          >
            {!exact && <option value="">{told ? presetChanged(presets[told].name) : presetOwn}</option>}
            {PRESETS.map((preset) => (
              <option key={preset} value={preset}>
                {presets[preset].name}
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

function DataFields({ settings, onChange }: Props) {
  // Edits belong to the points of one data set.
  const renew = (part: Partial<Settings>) => onChange({ ...part, edits: [] });
  const choose = ({ shape = settings.shape }: Partial<Settings>) =>
    renew({ shape, ...SHAPE_DEFAULTS[shape] });
  const generated = settings.shape !== 'own';
  return (
    <>
      <ChoiceField setting="shape" settings={settings} names={texts.value.shapes} onChange={choose} />
      <NumberSettingField setting="classes" settings={settings} onChange={renew} />
      {generated && (
        <>
          <NumberSettingField setting="perClass" settings={settings} onChange={renew} />
          <NumberSettingField
            setting="noise"
            settings={settings}
            slider={{ min: 0, max: 1 }}
            onChange={renew}
          />
          <NumberSettingField setting="dataSeed" settings={settings} onChange={renew} />
        </>
      )}
      <NumberSettingField
        setting="testShare"
        settings={settings}
        slider={{ min: 0, max: 0.9 }}
        onChange={onChange}
      />
    </>
  );
}

function NetworkFields({ settings, onChange }: Props) {
  const { hidden, initialization } = settings;
  const { layers, settings: names, starts } = texts.value;
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
    </>
  );
}

function TrainingFields({ settings, onChange }: Props) {
  const { optimizers, precisions, backends, plans } = texts.value;
  return (
    <>
      <NumberSettingField
        setting="learningRate"
        settings={settings}
        slider={{ min: 1e-4, max: 100, logarithmic: true }}
        onChange={onChange}
      />
      <NumberSettingField
        setting="l2"
        settings={settings}
        slider={{ min: 1e-6, max: 1, logarithmic: true }}
        onChange={onChange}
      />
      <ChoiceField setting="optimizer" settings={settings} names={optimizers} onChange={onChange} />
      {settings.optimizer === 'momentum' && (
        <NumberSettingField setting="momentum" settings={settings} onChange={onChange} />
      )}
      <NumberSettingField setting="batchSize" settings={settings} onChange={onChange} />
      <ChoiceField setting="precision" settings={settings} names={precisions} onChange={onChange} />
      <ChoiceField setting="backend" settings={settings} names={backends} onChange={onChange} />
      {settings.backend === 'auto' && (
        <ChoiceField setting="plan" settings={settings} names={plans} onChange={onChange} />
      )}
    </>
  );
}
