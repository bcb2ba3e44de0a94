/**
 * The parts of the view that come when the first picture is there, and their words, so that the page
 * opens fast.
 */
export { Help } from '../help.tsx';
export { laterTexts } from '../texts/later/later.ts';
export { settingsTexts } from '../texts/settings/settings.ts';
export { Confusion } from './cells/confusion.tsx';
export { ValueScatter } from './cells/value-scatter.tsx';
export { Curves } from './curves/curves.tsx';
export { Printout } from './curves/printout.tsx';
export { OwnData, OwnDataButton, WantedRows } from './file/own-data.tsx';
export { DrawingPanel, TemplatesPanel } from './images/image-panels.tsx';
export { columnsOf } from './network/columns.ts';
export { LayersTable } from './network/layers-table.tsx';
export { NetworkDiagram } from './network/network-diagram.tsx';
export { drawAxes } from './plane/axes-picture.ts';
export { editingOf } from './plane/editing.ts';
export { directionsOf, PlaneFields, planeInWords } from './plane/plane-fields.tsx';
export { PointEditor } from './plane/point-editor.tsx';
export { AboutRun } from './run/about-run.tsx';
export { Announcement, failureInWords } from './run/announcement.tsx';
export { Notices } from './run/notices.tsx';
export { restartInWords } from './run/restart.ts';
export { RunTools } from './run/run-tools.tsx';
export { lookingBack, TimeSlider } from './run/time-slider.tsx';
export { TimingPanel } from './run/timing.tsx';
export { RateFinder } from './settings/rate-finder.tsx';
export { SettingsPanel } from './settings/settings-panel.tsx';
export { SpacePanel } from './space/space-panel.tsx';
