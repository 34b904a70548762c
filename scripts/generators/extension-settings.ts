import { editorOptions, type Option } from '../../server/src/config/options.ts';
import type { Generator } from './generator.ts';

/** The settings that the extension declares in its manifest. */
export const extensionSettings: Generator = {
  name: "the extension's settings",
  async generate(repository) {
    const manifest = JSON.parse(repository.read('package.json') ?? '{}');
    const properties = Object.fromEntries(
      editorOptions.map((option) => [`stepwise.${option.name}`, settingOf(option)]),
    );
    manifest.contributes = { ...manifest.contributes, configuration: { title: 'Stepwise', properties } };
    return [{ path: 'package.json', text: `${JSON.stringify(manifest, undefined, 2)}\n` }];
  },
};

/** As VS Code's `contributes.configuration` wants it. */
function settingOf(option: Option): object {
  const common = { default: option.default, markdownDescription: option.docs };
  if (option.type.kind === 'boolean') return { type: 'boolean', ...common };
  if (option.type.kind === 'choice') {
    const { choices } = option.type;
    return {
      type: 'string',
      enum: choices.map((choice) => choice.value),
      markdownEnumDescriptions: choices.map((choice) => choice.docs),
      ...common,
    };
  }
  throw new Error(`the editor has no form for the setting ${option.name}`);
}
