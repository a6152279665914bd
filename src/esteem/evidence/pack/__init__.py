"""The shipped pack and how snapshots are made: recognise -> read -> assemble -> write, and the way back to verify it.

A pack and a snapshot are the same thing: a `manifest.json` and Parquet parts named by what they hold. The pack is built from the
published files and shipped with Esteem; a snapshot is the pack, or an earlier snapshot, with later files loaded on top.
"""
