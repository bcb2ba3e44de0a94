import type { ComponentChildren } from 'preact';
import type { Settings } from '../../settings/settings.ts';
import type { LoadedData, StudyData } from '../../settings/study-data.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { Field } from '../../ui/fields.tsx';
import { formatPercent, formatWhole } from '../../ui/format.ts';

interface Props {
  settings: Settings;
  data: StudyData;
  onChange: (part: Partial<Settings>) => void;
}

/** The choice of the plane through the features of loaded rows. */
export function PlaneFields({ settings, data, onChange }: Props) {
  const { plane: words } = laterTexts.value;
  const { inputs } = data;
  // A link may name features that the rows do not have.
  const axes = settings.axes.every((axis) => axis < inputs.length) ? settings.axes : [];
  const [across, up] = axes;
  const choose = (chosen: number[]) => {
    // Two equal axes change places instead.
    if (chosen[0] !== chosen[1]) onChange({ axes: chosen });
    else onChange({ axes: [up, across] });
  };
  const features = inputs.map((name, i) => (
    <option key={i} value={i}>
      {name}
    </option>
  ));
  const select = (label: string, value: number, onSelect: (value: number) => void) => (
    <Select label={label} value={value} onSelect={onSelect}>
      {features}
    </Select>
  );
  return (
    <fieldset class="plane">
      <legend class="hidden">{words.title}</legend>
      {inputs.length > 1 && (
        <>
          <Select
            label={words.title}
            value={axes.length}
            onSelect={(count) => onChange({ axes: count === 0 ? [] : [0, 1] })}
          >
            <option value={0}>{words.components}</option>
            <option value={2}>{words.features}</option>
          </Select>
          {axes.length > 0 && (
            <>
              {select(words.across, across, (axis) => choose([axis, up]))}
              {select(words.up, up, (axis) => choose([across, axis]))}
            </>
          )}
        </>
      )}
      <p id="editing-hint" class="hint">
        {inputs.length > 2 ? words.cut(formatWhole(inputs.length)) : words.noEditing}
        {data.points.train[0]?.index !== undefined && ` ${words.some}`}
      </p>
    </fieldset>
  );
}

interface SelectProps {
  label: string;
  value: number;
  onSelect: (value: number) => void;
  children: ComponentChildren;
}

function Select({ label, value, onSelect, children }: SelectProps) {
  return (
    <Field label={label} hint="">
      {({ id }) => (
        <select id={id} value={value} onChange={({ currentTarget }) => onSelect(Number(currentTarget.value))}>
          {children}
        </select>
      )}
    </Field>
  );
}

/** What lies along the two directions of the plane. */
export function directionsOf({ inputs }: StudyData, { plane }: LoadedData): [string, string] | undefined {
  const { plane: words } = laterTexts.value;
  if (!plane) return undefined;
  const name = (direction: 0 | 1) => {
    if (plane.axes.length > 0) return inputs[plane.axes[direction]] ?? '–';
    return words.component(direction + 1, formatPercent(plane.shares?.[direction] ?? 0, 0));
  };
  return [name(0), name(1)];
}

export const planeInWords = ([across, up]: readonly [string, string]): string =>
  laterTexts.value.plane.directions(across, up);
