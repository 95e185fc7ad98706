import type cytoscapeFunction from 'cytoscape';
import type { Box } from './layout.js';
import type { ShownEdge, ShownNode } from './model.js';
import type { Drawing, Picture } from './picture.js';
import { colour } from './theme.js';

declare const cytoscape: typeof cytoscapeFunction;

/** A picture with all there is to see: columns in their tables, arrows, dashes for doubt. For some hundred elements. */
export function detailedPicture({ container, shown, places, handlers }: Drawing): Picture {
  const elements = [...shown.nodes.map((node) => drawnNode(node, places)), ...shown.edges.map(drawnEdge)];
  const core = cytoscape({ container, elements, ...settings(), style: styles() });
  core.on('tap', 'node', (event) => handlers.onNode(event.target.id()));
  core.on('dbltap', 'node', (event) => handlers.onOpen(event.target.id()));
  core.on('tap', 'edge', (event) => {
    const edge = shown.edges.find(({ id }) => id === event.target.id());
    if (edge) handlers.onEdge(edge);
  });
  core.on('tap', (event) => {
    if (event.target === core) handlers.onBackground();
  });
  return {
    select: (id) => {
      core.elements(':selected').unselect();
      const node = core.getElementById(id).select();
      if (node.empty()) return;
      const { x1, y1, x2, y2 } = node.renderedBoundingBox();
      if (x1 < 0 || y1 < 0 || x2 > core.width() || y2 > core.height()) core.center(node);
    },
    fit: () => {
      core.fit(undefined, 30);
      if (core.zoom() <= 1.4) return;
      core.zoom(1.4);
      core.center();
    },
    zoomBy: (factor) => {
      core.zoom({ level: core.zoom() * factor, renderedPosition: { x: core.width() / 2, y: core.height() / 2 } });
    },
    recolour: () => {
      core.style(styles());
    },
    destroy: () => core.destroy(),
  };
}

function settings(): Partial<cytoscapeFunction.CytoscapeOptions> {
  return {
    layout: { name: 'preset' },
    minZoom: 0.005,
    maxZoom: 4,
    boxSelectionEnabled: false,
  };
}

function drawnNode({ node, parent, isOpen }: ShownNode, places: ReadonlyMap<string, Box>): cytoscapeFunction.ElementDefinition {
  const { x = 0, y = 0, width = 80, height = 30 } = places.get(node.id) ?? {};
  const label = parent === null ? node.fullName : node.name;
  const data = { id: node.id, label: label.replace(/\s+/g, ' '), width, height, ...(parent === null ? {} : { parent }) };
  return { group: 'nodes', data, position: { x, y }, classes: isOpen ? `${node.kind} open` : node.kind };
}

function drawnEdge({ id, from, to, status, edges }: ShownEdge): cytoscapeFunction.ElementDefinition {
  const isDoubtful = edges.every(({ confidence }) => confidence < 1);
  return { group: 'edges', data: { id, source: from, target: to }, classes: isDoubtful ? `${status} doubtful` : status };
}

/** Labels that would be too small to read are not drawn. */
function styles(): cytoscapeFunction.StylesheetJson {
  const fill = (kinds: string, name: string) => ({ selector: kinds, style: { 'background-color': colour(name) } });
  const line = (selector: string, name: string) => ({ selector, style: { 'line-color': colour(name), 'target-arrow-color': colour(name) } });
  return [
    {
      selector: 'node',
      style: {
        shape: 'round-rectangle',
        width: 'data(width)',
        height: 'data(height)',
        label: 'data(label)',
        color: colour('ink'),
        'font-family': 'system-ui, "Open Sans", sans-serif',
        'font-size': 12,
        'min-zoomed-font-size': 7,
        'text-valign': 'center',
        'text-halign': 'center',
        'text-wrap': 'ellipsis',
        'text-max-width': '236px',
        'background-color': colour('panel'),
        'border-width': 1,
        'border-color': colour('edge'),
      },
    },
    fill('.Table, .DataAsset', 'table'),
    fill('.View, .MaterializedView', 'view'),
    fill('.FunctionOrProcedure, .Trigger', 'code'),
    fill('.Column', 'column'),
    { selector: '.Column', style: { 'border-color': colour('line') } },
    { selector: '.open', style: { 'text-valign': 'top', 'text-margin-y': -3, padding: '6px', 'font-weight': 'bold' } },
    {
      selector: 'edge',
      style: {
        width: 1.5,
        'line-color': colour('edge'),
        'target-arrow-color': colour('edge'),
        'target-arrow-shape': 'triangle',
        'arrow-scale': 0.9,
        'curve-style': 'bezier',
        'source-endpoint': '50% 0',
        'target-endpoint': '-50% 0',
      },
    },
    line('.pending_review', 'pending'),
    line('.rejected', 'rejected'),
    { selector: '.rejected, .doubtful', style: { 'line-style': 'dashed' } },
    { selector: 'node:selected', style: { 'border-width': 3, 'border-color': colour('accent') } },
    { selector: 'edge:selected', style: { width: 4, 'line-color': colour('accent'), 'target-arrow-color': colour('accent') } },
  ];
}
