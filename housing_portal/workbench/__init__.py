"""The workbench of scheme managers: drafts of schemes, their preview, simulation and publication."""
