/**
 * What govuk-frontend has no component for. On a phone the titles are next to the values for people who see them; a screen
 * reader has them from the head of the table. Colours are those of GOV.UK, each with a contrast of at least 3 to 1
 * against its background (text 4.5 to 1).
 */
export const ownStyles = `
.govuk-template__body { overflow-wrap: break-word; }
.app-header { background: #0b0c0c; padding: 15px 0 10px; border-bottom: 10px solid #1d70b8; font-family: arial, sans-serif; }
.app-header__name { color: #fff; font-weight: 700; font-size: 1.25rem; text-decoration: none; }
.app-header__links { list-style: none; margin: 10px 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: 5px 20px; }
.app-header__links a { color: #fff; display: inline-block; min-height: 24px; line-height: 24px; }
.app-header a:hover { text-decoration: underline; text-decoration-thickness: 3px; }
.app-header a:focus { color: #0b0c0c; background: #fd0; outline: 3px solid transparent; box-shadow: 0 -2px #fd0, 0 4px #0b0c0c; text-decoration: none; }
.app-footer { padding-top: 25px; padding-bottom: 15px; }
.app-muted { color: #484949; }
.app-id { font-family: ui-monospace, menlo, consolas, monospace; font-size: 0.875em; overflow-wrap: break-word; }
.app-table-box { overflow-x: auto; margin-bottom: 30px; }
.app-table-box:focus-visible { outline: 3px solid #0b0c0c; box-shadow: 0 0 0 6px #fd0; }
.app-table { margin-bottom: 0; }
.app-row-header { font-weight: 400; }
@media screen and (min-width: 64em) { .app-row-header a { white-space: nowrap; } }
@media screen and (max-width: 47.99em) {
  .app-table, .app-table tbody, .app-table tr, .app-table th, .app-table td { display: block; }
  .app-table caption { display: block; }
  .app-table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .app-table tr { padding: 10px 0; border-bottom: 1px solid #b1b4b6; }
  .app-table .app-row-header { padding: 0 0 5px; border: 0; font-weight: 700; text-align: left; }
  .app-table td { display: flex; justify-content: space-between; gap: 20px; padding: 2px 0; border: 0; text-align: right; }
  .app-table th, .app-table td { overflow-wrap: anywhere; }
  .app-table td span { min-width: 0; }
  .app-table td::before { content: attr(data-title); content: attr(data-title) / ""; flex: none; max-width: 45%; text-align: left; }
  .app-table td:not(.govuk-table__cell--numeric) { display: block; text-align: left; }
  .app-table td:not(.govuk-table__cell--numeric)::before { display: block; max-width: none; color: #484949; }
}
.govuk-body, .govuk-list, .govuk-summary-list__value, .govuk-warning-text__text { overflow-wrap: anywhere; }
.govuk-radios, .govuk-details__summary { overflow-wrap: anywhere; }
.govuk-select { min-width: min(11.5em, 100%); max-width: 100%; }
.govuk-tag { max-width: none; }
@media (min-width: 48em) { .app-table .govuk-tag { white-space: nowrap; } }
.app-progress { display: block; width: 100%; max-width: 480px; height: 20px; accent-color: #1d70b8; }
.app-chart { display: block; width: 100%; height: 180px; border-bottom: 2px solid #0b0c0c; background: #fff; margin-bottom: 10px; }
.app-chart__accepted { fill: #1d70b8; }
.app-chart__refused { fill: #ca3535; stroke: #fff; stroke-width: 1; }
.app-chart__outstanding { fill: #0b0c0c; stroke: #fff; stroke-width: 1; }
.app-chart__none { fill: none; stroke: #505a5f; stroke-width: 2; stroke-dasharray: 4 4; vector-effect: non-scaling-stroke; }
.app-legend { list-style: none; padding: 0; margin: 0 0 20px; display: flex; flex-wrap: wrap; gap: 5px 20px; }
.app-legend li::before { content: ""; display: inline-block; box-sizing: border-box; width: 16px; height: 16px; margin-right: 8px; vertical-align: -2px; }
.app-legend__accepted::before { background: #1d70b8; }
.app-legend__refused::before { background: #ca3535; }
.app-legend__outstanding::before { background: #0b0c0c; }
.app-legend__none::before { border: 2px dashed #505a5f; }
@media (forced-colors: active) { .app-chart, .app-legend { forced-color-adjust: none; } .app-legend { background: #fff; color: #0b0c0c; } }
@media print {
  .govuk-skip-link, .app-header nav, .app-footer, .app-no-print, .govuk-back-link { display: none !important; }
  .app-header { background: none; border-bottom: 2px solid #0b0c0c; }
  .app-header__name { color: #0b0c0c !important; }
  .app-header a::after, .govuk-link::after { content: none !important; }
  .app-chart rect, .app-legend li::before, .govuk-tag { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .app-table-box { overflow: visible; }
  tr, svg { break-inside: avoid; }
}
`;
