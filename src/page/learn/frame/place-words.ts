import type { AdapterReport } from '../../run/protocol.ts';
import { texts } from '../../texts/texts.ts';
import { adapterName } from '../../ui/adapter-name.ts';

/** What a figure was trained on, in words. */
export function trainedOn(report: AdapterReport): string {
  if (report.backend === 'cpu') return 'CPU';
  return report.software ? `${adapterName(report)} (${texts.value.header.software})` : adapterName(report);
}
