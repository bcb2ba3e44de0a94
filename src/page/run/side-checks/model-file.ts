import { OptionError } from '../../../index.ts';
import { exportModel, type ModelFormat } from '../../../models/index.ts';
import { formatLink } from '../../settings/link.ts';
import { createNetwork } from '../../settings/network.ts';
import type { Settings, Turn } from '../../settings/settings.ts';
import type { LoadedData, Units } from '../../settings/study-data.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { PAGE_NOTE, withNote } from '../file-note.ts';

/**
 * The model at the step that was read last, as a file; it takes raw rows. The run may have gone on
 * since: another trainer of the same options takes its place. A file from which training goes on has the
 * settings of the page, too.
 */
export async function modelFile(
  { read, trainerOptions, settings, turns, loaded }: Experiment,
  format: ModelFormat,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!read) throw new OptionError('read', 'a step that was read before', read);
  const trainer = await createNetwork({ ...trainerOptions, backend: 'cpu' });
  try {
    await trainer.restore(read);
    const scaling =
      loaded && settings.scaled ? scalingOf(loaded, 'targets' in trainerOptions.data) : undefined;
    const file = await exportModel(trainer, format, { ...(scaling && { scaling }) });
    return format === 'safetensors' ? withNote(file, PAGE_NOTE, linkOf(settings, turns, read.step)) : file;
  } finally {
    trainer.destroy();
  }
}

/** The settings that the run began with, the step, and the turns on the way. */
function linkOf(settings: Settings, turns: readonly Turn[], step: number): string {
  const [{ step: _, ...begun }, ...later] = turns.filter((turn) => turn.step <= step);
  return formatLink({ ...settings, ...begun }, step, later);
}

/** The scaling of loaded rows, and of the values of a regression. */
function scalingOf({ units, valueUnits }: LoadedData, values: boolean) {
  const columns = (all: readonly Units[]) => ({
    means: all.map(({ mean }) => mean),
    deviations: all.map(({ deviation }) => deviation),
  });
  return { ...columns(units), ...(values && { targets: columns([valueUnits]) }) };
}
