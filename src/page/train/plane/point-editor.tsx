import type { Signal } from '@preact/signals';
import type { Point } from '../../settings/plane.ts';
import { VALUES } from '../../settings/plane-data.ts';
import { isRegression, MOST_EDITS, type Settings } from '../../settings/settings.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { texts } from '../../texts/texts.ts';
import { formatCoordinate, formatSigned } from '../../ui/format.ts';
import { type EditMode, type editingOf, kindsOf, MODES } from './editing.ts';

interface Props {
  settings: Settings;
  mode: Signal<EditMode>;
  label: Signal<number>;
  editing: Pick<ReturnType<typeof editingOf>, 'cursor' | 'at'>;
  onUndo: () => void;
}

/** The choice of an edit mode, and undo. */
export function PointEditor({ settings, mode, label, editing: { cursor, at }, onUndo }: Props) {
  const { editor: words } = laterTexts.value;
  const none = settings.edits.length === 0;
  const regression = isRegression(settings);
  const hint = regression && mode.value === 'add' ? words.addValue : words.modeHints[mode.value];
  return (
    <fieldset class="editor">
      <legend>{words.edit}</legend>
      {MODES.map((name) => (
        <label class="check" key={name}>
          <input
            type="radio"
            name="edit-mode"
            checked={mode.value === name}
            onChange={() => {
              mode.value = name;
            }}
          />
          {words.modes[name]}
        </label>
      ))}
      {mode.value === 'add' && (
        <select
          aria-label={regression ? words.valueOf : words.classOf}
          value={Math.min(label.value, kindsOf(settings) - 1)}
          onChange={({ currentTarget }) => {
            label.value = Number(currentTarget.value);
          }}
        >
          {names(settings).map((name, k) => (
            <option key={k} value={k}>
              {name}
            </option>
          ))}
        </select>
      )}
      <button
        type="button"
        class="small"
        aria-disabled={none}
        title={none ? words.nothingToUndo : words.undoHint}
        onClick={() => none || onUndo()}
      >
        {words.undo}
      </button>
      <p id="editing-hint" class="hint">
        {settings.edits.length >= MOST_EDITS ? words.full : hint} <span class="hidden">{words.keys}</span>
      </p>
      <p class="hidden" aria-live="polite">
        {cursor &&
          words.cursor(
            formatCoordinate(cursor.x, 2),
            formatCoordinate(cursor.y, 2),
            at ? nearInWords(at) : '',
          )}
      </p>
    </fieldset>
  );
}

/** The names of the kinds of points that a person may add. */
const names = (settings: Settings): string[] =>
  Array.from({ length: kindsOf(settings) }, (_, kind) =>
    isRegression(settings) ? formatSigned(VALUES[kind]) : texts.value.regions.className(kind),
  );

function nearInWords({ label, value }: Point): string {
  const { near, nearValue } = laterTexts.value.editor;
  return value === undefined ? near(label) : nearValue(formatSigned(value));
}
