import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type NumberSetting, RANGES, type Range, type Settings, within } from '../settings/settings.ts';
import { settingsTexts } from '../texts/settings/settings.ts';
import { formatBound } from './format.ts';
import { mayGroup, typedNumber } from './typed-number.ts';

/** The arrow keys' step for numbers that need not be whole. */
const STEPS: Partial<Record<NumberSetting, number>> = {
  noise: 0.05,
  testShare: 0.05,
  deviation: 0.01,
  learningRate: 0.1,
  dropout: 0.05,
  decayFactor: 0.05,
  cosineEnd: 0.01,
  l2: 0.001,
  l1: 0.001,
  weightDecay: 0.001,
  momentum: 0.05,
  beta1: 0.05,
  beta2: 0.001,
  decay: 0.01,
  epsilon: 1e-8,
  stopLoss: 0.01,
  stopAccuracy: 0.01,
};

interface FieldProps {
  label: string;
  hint: string;
  children: (ids: { id: string; hintId: string }) => ComponentChildren;
  error?: string | undefined;
}

/** A control with its name and, below it, one line about it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, hintId })}
      <span id={hintId} class={error ? 'hint error' : 'hint'}>
        {error ?? hint}
      </span>
    </div>
  );
}

interface NumberProps {
  label: string;
  hint: string;
  value: number;
  range: Range;
  step?: number | undefined;
  /**
   * The range of a slider beside the field. On a logarithmic slider powers are equally far apart.
   */
  slider?: { min: number; max: number; logarithmic?: boolean };
  disabled?: boolean;
  onChange: (value: number) => void;
  /** Told whether what stands in the field was refused. */
  onRefuse?: (refused: boolean) => void;
}

/**
 * A number field. Only an accepted number is passed on. The browser's own number fields drop the
 * comma of `0,5`, so that this one is a text field.
 */
export function NumberField({
  label,
  hint,
  value,
  range,
  step,
  slider,
  disabled,
  onChange,
  onRefuse,
}: NumberProps) {
  const input = useRef<HTMLInputElement>(null);
  // The typed text. In the element alone it would be lost with the next frame.
  const [draft, setDraft] = useState<string>();
  const [refused, setRefused] = useState<string>();
  // A value from elsewhere, such as a preset, replaces the typed text, before the next key arrives.
  useLayoutEffect(() => edit(undefined), [value]);
  const error = refused === undefined ? undefined : accepted(refused, range);
  const edit = (text: string | undefined) => {
    setDraft(text);
    setRefused(undefined);
    onRefuse?.(false);
  };
  const commit = (text: string) => {
    const number = typedNumber(text, range);
    if (number === undefined || !within(number, range)) {
      setRefused(text);
      onRefuse?.(true);
      input.current?.focus();
      return;
    }
    edit(undefined);
    onChange(number);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === 'Escape') edit(undefined);
    if (direction === undefined) return;
    event.preventDefault();
    const from = (draft === undefined ? undefined : typedNumber(draft, range)) ?? value;
    const next = Number((from + direction * (step ?? 1)).toPrecision(12));
    commit(String(Math.min(range.max, Math.max(range.min, next))));
  };
  const shown = draft === undefined ? value : typedNumber(draft, range);
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, hintId }) => (
        <span class="number">
          <input
            ref={input}
            id={id}
            type="text"
            role="spinbutton"
            inputMode={range.whole ? 'numeric' : 'decimal'}
            autocomplete="off"
            aria-describedby={hintId}
            aria-invalid={error !== undefined || shown === undefined}
            {...valueIn(range, shown)}
            disabled={disabled}
            value={draft ?? String(value)}
            onInput={({ currentTarget }) => edit(currentTarget.value)}
            onChange={({ currentTarget }) => commit(currentTarget.value)}
            onKeyDown={onKeyDown}
          />
          {slider && (
            <input
              type="range"
              aria-label={label}
              aria-describedby={hintId}
              aria-valuetext={draft ?? String(value)}
              disabled={disabled}
              {...sliderOf(slider, shown ?? value)}
              onInput={({ currentTarget }) => edit(String(fromSlider(slider, Number(currentTarget.value))))}
              onChange={({ currentTarget }) =>
                commit(String(fromSlider(slider, Number(currentTarget.value))))
              }
            />
          )}
        </span>
      )}
    </Field>
  );
}

/** A value and its range without exponents, which ARIA does not have. */
function valueIn({ min, max }: Range, value: number | undefined): Record<string, string | undefined> {
  const plain = (value: number) =>
    String(value).includes('e-') ? value.toFixed(20).replace(/0+$/, '') : String(value);
  return {
    'aria-valuenow': value === undefined ? undefined : plain(value),
    'aria-valuemin': plain(min),
    'aria-valuemax': plain(max),
  };
}

/** What a field takes, and why it refused a comma or a point. */
function accepted(refused: string, range: Range): string {
  const { accepted, grouped } = settingsTexts.value;
  const sentence = accepted(formatBound(range.min), formatBound(range.max), range.whole ?? false);
  return mayGroup(refused, range) ? `${sentence} ${grouped}` : sentence;
}

/** Steps of a logarithmic slider from one power of ten to the next. */
const PER_DECADE = 10;

function sliderOf({ min, max, logarithmic }: NonNullable<NumberProps['slider']>, value: number) {
  if (!logarithmic) return { min, max, step: (max - min) / 40, value };
  const [from, to] = [Math.log10(min), Math.log10(max)];
  return { min: from, max: to, step: 1 / PER_DECADE, value: Math.log10(Math.max(value, min)) };
}

function fromSlider({ logarithmic }: NonNullable<NumberProps['slider']>, at: number): number {
  return Number((logarithmic ? 10 ** at : at).toPrecision(2));
}

interface SettingProps<Key extends keyof Settings> {
  setting: Key;
  settings: Settings;
  onChange: (part: Partial<Settings>) => void;
}

/** A setting that is a number. */
export function NumberSettingField({
  setting,
  named,
  settings,
  onChange,
  ...rest
}: SettingProps<NumberSetting> &
  Pick<NumberProps, 'slider' | 'disabled'> & {
    /** Another name of the setting, and what it does. */
    named?: Pick<NumberProps, 'label' | 'hint'> | undefined;
  }) {
  return (
    <NumberField
      {...(named ?? settingsTexts.value.settings[setting])}
      value={settings[setting]}
      range={RANGES[setting]}
      step={STEPS[setting]}
      onChange={(value) => onChange({ [setting]: value })}
      {...rest}
    />
  );
}

type ChoiceSetting =
  | 'shape'
  | 'initialization'
  | 'activation'
  | 'loss'
  | 'schedule'
  | 'optimizer'
  | 'precision'
  | 'backend'
  | 'plan';

/** A setting that is one of a few. */
export function ChoiceField<Key extends ChoiceSetting>({
  setting,
  settings,
  names,
  onChange,
}: SettingProps<Key> & { names: Partial<Record<Settings[Key], string>> }) {
  return (
    <Field {...settingsTexts.value.settings[setting]}>
      {({ id, hintId }) => (
        <select
          id={id}
          aria-describedby={hintId}
          value={settings[setting]}
          onChange={({ currentTarget }) => onChange({ [setting]: currentTarget.value })}
        >
          {(Object.entries(names) as [string, string][]).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
