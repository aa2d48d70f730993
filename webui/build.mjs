// Bundles what pages load into webui/static/dist, with content hashes and a manifest that templates read.
import {build} from 'esbuild';
import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {basename, dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {brotliCompressSync, gzipSync} from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, 'static', 'dist');
const pages = ['app.js', 'app.css', 'diagram.js', 'diagram.css', 'replay.js', 'worker.js'];
const modelers = ['bpmn.js', 'bpmn.css', 'dmn.js', 'dmn.css'].map((name) => join('modeler', name));
const entries = [...pages, ...modelers];

// CodeMirror writes `style` elements, which the policy of the pages refuses; ours hands its rules over as sheets.
const ownSheets = {
  name: 'own-sheets',
  setup({onResolve}) {
    onResolve({filter: /^style-mod$/}, ({importer}) => importer.endsWith('style_sheets.js') ? undefined : {path: join(here, 'static', 'modeler', 'style_sheets.js')});
  },
};

// Icon fonts come in five formats; browsers that run the pages read woff2 and woff.
const ownFonts = {
  name: 'own-fonts',
  setup({onResolve, onLoad}) {
    onResolve({filter: /\/font\/[\w-]+\.(svg|ttf|eot)\b/}, ({path}) => ({path, namespace: 'unread'}));
    onLoad({filter: /./, namespace: 'unread'}, () => ({contents: '', loader: 'empty'}));
  },
};

await rm(out, {recursive: true, force: true});
await mkdir(out, {recursive: true});
const result = await build({
  entryPoints: entries.map((name) => join(here, 'static', name)),
  outdir: out,
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  metafile: true,
  plugins: [ownSheets, ownFonts],
  format: 'esm',
  target: ['chrome111', 'firefox115', 'safari16.4'],
  loader: {'.svg': 'dataurl', '.woff2': 'file', '.woff': 'file'},
  legalComments: 'linked',
  logLevel: 'warning',
});

const manifest = {};
for (const [file, made] of Object.entries(result.metafile.outputs)) {
  if (made.entryPoint) manifest[basename(made.entryPoint)] = relative(out, join(process.cwd(), file));
}
await writeFile(join(out, 'manifest.json'), JSON.stringify(manifest, null, 1) + '\n');

// Beside each text its compressed forms, which the server hands to browsers that take them.
for (const name of (await readdir(out)).filter((each) => /\.(js|css)$/.test(each))) {
  const text = await readFile(join(out, name));
  await writeFile(join(out, `${name}.br`), brotliCompressSync(text));
  await writeFile(join(out, `${name}.gz`), gzipSync(text, {level: 9}));
}
