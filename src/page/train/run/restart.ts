import type { Session } from '../../session/session.ts';
import { printable } from '../../settings/link.ts';
import { isLive } from '../../settings/settings.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { settingsTexts } from '../../texts/settings/settings.ts';
import { formatWhole } from '../../ui/format.ts';

/** What made the run start again, until it trains; empty if nothing did. */
export function restartInWords(session: Session): string {
  const { status } = session.run.value;
  const keys = session.rewound.value;
  const { shape, table } = session.settings.value;
  const { rewound, file } = laterTexts.value;
  const { settings: names, shapes } = settingsTexts.value;
  if (!['untrained', 'preparing', 'starting', 'empty'].includes(status)) return '';
  const { train, test, loaded } = session.data.value;
  if (loaded && (keys.includes('shape') || (keys.includes('table') && shape === 'table'))) {
    const name = shape === 'table' && table ? printable(table.name) : shapes[shape];
    return file.newRows(name, formatWhole((train?.count ?? 0) + (test?.count ?? 0)));
  }
  // Other axes alone do not begin anew.
  const changed = keys.filter((key) => !isLive(key));
  return changed.length > 0 ? rewound(changed.map((key) => names[key].label)) : '';
}
