import { useSignal } from '@preact/signals';
import type { HiddenSpace } from '../../run/protocol.ts';
import type { Session } from '../../session/session.ts';
import { isRegression } from '../../settings/settings.ts';
import type { StudyData } from '../../settings/study-data.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { Field, NumberField } from '../../ui/fields.tsx';
import { formatPercent, formatWhole } from '../../ui/format.ts';
import { SpaceCanvas } from './space-canvas.tsx';
import { useSpace } from './use-space.ts';

/** The part of the differences between classes from which on it is all of them, but for rounding. */
const ALL = 1 - 1e-6;

interface Props {
  session: Session;
  data: StudyData;
}

/** The hidden space of the run, and over which directions it is drawn. */
export function SpaceView({ session, data }: Props) {
  const { space: words } = laterTexts.value;
  const { status, latest } = session.run.value;
  const { hidden } = session.settings.value;
  const width = hidden[hidden.length - 1] ?? data.inputs.length;
  const whole = width <= 2;
  const regression = isRegression(session.settings.value);
  const over = useSignal<'borders' | 'components' | 'units'>('borders');
  const kind = regression && over.value === 'borders' ? 'components' : over.value;
  const chosen = useSignal<readonly [number, number]>([0, 1]);
  const within = (unit: number) => Math.min(unit, width - 1);
  const units = [within(chosen.value[0]), within(chosen.value[1])] as const;
  const answered = useSpace(
    (question) => session.ask(question),
    whole || kind === 'units' ? units : kind,
    [latest?.step, status, session.settings.value.hidden.join(), data.train?.count].join(),
  );
  const space = answered && fits(answered, data) ? answered : undefined;
  const field = (place: 0 | 1, label: string) => (
    <NumberField
      label={label}
      hint={words.unitHint(formatWhole(width))}
      value={units[place] + 1}
      range={{ min: 1, max: width, whole: true }}
      onChange={(unit) => {
        chosen.value = place === 0 ? [unit - 1, units[1]] : [units[0], unit - 1];
      }}
    />
  );
  return (
    <>
      <p class="hint">{words.hint}</p>
      {space ? <SpaceCanvas space={space} data={data} /> : <p class="hint">{words.none}</p>}
      {space && <p class="hint">{explanation(space, kind)}</p>}
      {!whole && (
        <div class="plane">
          <Field label={words.over} hint="">
            {({ id }) => (
              <select
                id={id}
                value={kind}
                onChange={({ currentTarget }) => {
                  over.value = currentTarget.value as typeof over.value;
                }}
              >
                {!regression && <option value="borders">{words.borders}</option>}
                <option value="components">{words.components}</option>
                <option value="units">{words.units}</option>
              </select>
            )}
          </Field>
          {kind === 'units' && field(0, words.across)}
          {kind === 'units' && field(1, words.up)}
        </div>
      )}
    </>
  );
}

/** Whether a picture is one of the present points and classes. */
const fits = ({ points, stride, scores }: HiddenSpace, { points: { train }, outputs }: StudyData): boolean =>
  points.length === 2 * Math.ceil(train.length / stride) && (!scores || scores.length === 3 * outputs);

/** What part of the layer is seen. */
function explanation(
  { share = 0, width, scores, points, from = 0 }: HiddenSpace,
  kind: 'borders' | 'components' | 'units',
): string {
  const { space: words } = laterTexts.value;
  if (width <= 2) return words.whole;
  if (kind === 'units') return scores ? words.cut(formatWhole(width - 2)) : '';
  if (kind === 'borders') return share > ALL ? words.all : words.most(formatPercent(share, 1));
  const some = from < points.length / 2 ? ` ${words.some(formatWhole(from))}` : '';
  return `${words.plane(formatPercent(share, 1), formatWhole(width))}${some}`;
}
