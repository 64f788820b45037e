from benchmarks.running import main

raise SystemExit(main())
