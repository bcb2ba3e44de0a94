import { classWeightsOf } from '../../settings/class-weights.ts';
import { CLASS_WEIGHT, isLoaded, isRegression, RANGES, type Settings } from '../../settings/settings.ts';
import type { StudyData } from '../../settings/study-data.ts';
import { settingsTexts } from '../../texts/settings/settings.ts';
import { classNameOf } from '../../ui/class-name.ts';
import { ChoiceField, NumberField, NumberSettingField } from '../../ui/fields.tsx';
import { ScheduleCurve } from './schedule-curve.tsx';

interface Props {
  settings: Settings;
  onChange: (part: Partial<Settings>) => void;
}

/** What the hidden units compute. */
export function MoreNetworkFields({ settings, onChange }: Props) {
  const { activations } = settingsTexts.value;
  return (
    <>
      <ChoiceField setting="activation" settings={settings} names={activations} onChange={onChange} />
      <NumberSettingField
        setting="dropout"
        settings={settings}
        slider={{ min: 0, max: RANGES.dropout.max }}
        onChange={onChange}
      />
    </>
  );
}

/** The course of the learning rate, the terms beside L2, and the loss. */
export function MoreTrainingFields({
  settings,
  data,
  step,
  onChange,
}: Props & { data: StudyData; step: number }) {
  const { losses, squaredError } = settingsTexts.value;
  return (
    <>
      <ScheduleFields settings={settings} step={step} onChange={onChange} />
      {(['l1', 'weightDecay'] as const).map((setting) => (
        <NumberSettingField
          key={setting}
          setting={setting}
          settings={settings}
          slider={{ min: 1e-6, max: 1, logarithmic: true }}
          onChange={onChange}
        />
      ))}
      {isRegression(settings) ? (
        <p class="hint">{squaredError}</p>
      ) : (
        <>
          <ChoiceField setting="loss" settings={settings} names={losses} onChange={onChange} />
          {/* The classes of rows that are not here are not known. */}
          {(data.loaded || !isLoaded(settings.shape)) && (
            <ClassWeights settings={settings} data={data} onChange={onChange} />
          )}
        </>
      )}
    </>
  );
}

/** The numbers that each schedule has. */
const NUMBERS = {
  constant: [],
  step: ['decayEvery', 'decayFactor'],
  exponential: ['decayEvery', 'decayFactor'],
  cosine: ['cosineSteps', 'cosineEnd'],
} as const;

function ScheduleFields({ settings, step, onChange }: Props & { step: number }) {
  const { schedules } = settingsTexts.value;
  const varies = settings.schedule !== 'constant' || settings.warmup > 0;
  const numbers = [...NUMBERS[settings.schedule], 'warmup'] as const;
  return (
    <>
      <ChoiceField setting="schedule" settings={settings} names={schedules} onChange={onChange} />
      {numbers.map((setting) => (
        <NumberSettingField key={setting} setting={setting} settings={settings} onChange={onChange} />
      ))}
      {varies && <ScheduleCurve settings={settings} step={step} />}
    </>
  );
}

function ClassWeights({ settings, data, onChange }: Props & { data: StudyData }) {
  const { settings: names } = settingsTexts.value;
  const weights = classWeightsOf(settings, data.outputs);
  const change = (label: number, weight: number) => {
    const changed = weights.with(label, weight);
    onChange({ classWeights: changed.every((weight) => weight === 1) ? [] : changed });
  };
  return (
    <fieldset class="layers">
      <legend>{names.classWeights.label}</legend>
      {weights.map((weight, label) => (
        <div class="layer" key={label}>
          <NumberField
            label={classNameOf(data, label)}
            hint={names.classWeights.hint}
            value={weight}
            range={CLASS_WEIGHT}
            step={0.5}
            onChange={(value) => change(label, value)}
          />
        </div>
      ))}
      <span class="hint">{names.classWeights.hint}</span>
    </fieldset>
  );
}
