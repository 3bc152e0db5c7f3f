//! Nothing to link: this package is its tests. `e2e/` drives the built `edgewise`, `browser/` the page, and `golden/`
//! holds what every version and every place must answer.
