export { exportCode } from './code/export-code.ts';
export type {
  ClassGenerator,
  CodeFormat,
  CodeLanguage,
  CodeRun,
  CodeTest,
  DigitsData,
  FileData,
  GeneratedData,
  PointFeature,
  SurfaceGenerator,
} from './code/types.ts';
export { exportModel } from './export-model.ts';
export type { ExportOptions, ModelFormat } from './formats/formats.ts';
export { importModel } from './import-model.ts';
export { Model, type ModelPrediction } from './model.ts';
export type { ModelData } from './model-data.ts';
export { readModel } from './read-model.ts';
export { type ResumeOptions, resume } from './resume.ts';
