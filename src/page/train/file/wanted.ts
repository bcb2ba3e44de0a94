import type { Session } from '../../session/session.ts';
import type { TableChoice } from '../../settings/settings.ts';

/** What the settings need a file for, which is not here. */
export function wantedBy(session: Session): TableChoice | undefined {
  const settings = session.settings.value;
  return settings.shape === 'table' && !session.source.rowsOf(settings) ? settings.table : undefined;
}
